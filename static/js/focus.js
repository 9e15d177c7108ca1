// Where reading goes on: at the question when one comes from another page of the attempt, else where the page begins.

const head = document.querySelector('[data-behaviour="attempt"]');
const stem = document.querySelector("#answer-form .question-stem, .conflict, #review");

if (head && stem && !location.hash && document.referrer.includes(head.dataset.attempt)) {
  if (!stem.hasAttribute("tabindex")) stem.tabIndex = -1;
  // On a very small screen, as at 400 % zoom, it stands below what is seen.
  stem.focus({ preventScroll: innerHeight > 300 });
}
if (location.hash === "#review") document.getElementById("review")?.focus({ preventScroll: true });
