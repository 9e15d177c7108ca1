import { question, readOn } from "./telling.js";

// Where reading goes on: at the question when one comes from another page of the attempt, else where the page begins.

const head = document.querySelector('[data-behaviour="attempt"]');

// On a very small screen, as at 400 % zoom, it stands below what is seen.
if (head && question() && !location.hash && document.referrer.includes(head.dataset.attempt)) readOn(question(), innerHeight > 300);
if (location.hash === "#review") document.getElementById("review")?.focus({ preventScroll: true });
