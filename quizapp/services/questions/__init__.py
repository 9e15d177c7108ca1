"""Questions as teachers work on them in the browser: listed, written, made ready, retired, looked back at."""
