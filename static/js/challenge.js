import { wordGrids } from "./words.js";

// The words of the passage can be marked; without this script they are typed.

wordGrids();
