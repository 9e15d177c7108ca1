"""What is set to classes: to whom, when, with what for whom gets longer; and watching it live."""
