import { flush } from "./autosave.js";

// The time left, by the server's count. It is said aloud once a minute, and every ten seconds in the last.

const timer = document.querySelector('[data-behaviour="timer"]');

function words(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

function aloud(seconds) {
  if (seconds >= 60) return `${Math.round(seconds / 60)} minutes left`;
  return `${seconds} seconds left`;
}

function start() {
  const end = Date.now() + Number(timer.dataset.secondsLeft) * 1000;
  const face = timer.querySelector(".timer-face");
  const voice = timer.querySelector("[role=status]");
  let said = null;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    face.textContent = words(left);
    timer.dataset.near = left <= 60 ? "1" : "";
    const mark = left > 60 ? Math.ceil(left / 60) * 60 : Math.ceil(left / 10) * 10;
    if (said !== null && mark !== said) voice.textContent = aloud(mark);
    said = mark;
    if (left > 0) return;
    clearInterval(beat);
    handIn();
  };
  const beat = setInterval(tick, 500);
  tick();
}

// What is written is sent first, for as long as the grace surely lasts.
async function handIn() {
  await Promise.race([flush(), new Promise((done) => setTimeout(done, 5000))]);
  document.getElementById(timer.dataset.submit)?.requestSubmit();
}

if (timer) start();
