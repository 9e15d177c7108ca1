import { attempt, isReady, listen, look, sending } from "./attempt.js";
import { begin, now, slept } from "./clock.js";
import { handIn } from "./moving.js";
import { presence } from "./presence.js";
import { element, tell, untell } from "./telling.js";

// The time left, by the server's clock. It is said aloud once a minute, and every ten seconds in the last; whoever hides
// it is told of the last minute only.

const SPREAD = 6000; // milliseconds
const timer = document.querySelector('[data-behaviour="timer"]');
const root = document.documentElement;
const state = { said: null, beat: 0, ending: false };

function words(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

function aloud(seconds) {
  const [number, unit] = seconds >= 60 ? [Math.round(seconds / 60), "minute"] : [seconds, "second"];
  return `${number} ${unit}${number === 1 ? "" : "s"} left`;
}

function left() {
  return Math.max(0, Math.ceil((Number(timer.dataset.deadline) - now()) / 1000));
}

function isHidden() {
  return root.dataset.timer === "hidden";
}

function tick() {
  if (!timer.isConnected) return clearInterval(state.beat);
  if (slept()) look();
  const seconds = left();
  timer.querySelector(".timer-face").textContent = words(seconds);
  timer.dataset.near = seconds <= 60 ? "1" : "";
  announce(seconds > 60 ? Math.ceil(seconds / 60) * 60 : Math.ceil(seconds / 10) * 10);
  if (seconds <= 0) end();
}

function announce(mark) {
  const isNews = state.said !== null && mark !== state.said && mark > 0;
  state.said = mark;
  if (isNews && (!isHidden() || mark === 60)) timer.querySelector("[role=status]").textContent = aloud(mark);
}

// The server's clock decides; without it the page waits, and keeps what is written.
async function end() {
  if (state.ending) return;
  state.ending = true;
  await presence();
  const form = document.getElementById(timer.dataset.submit);
  if (left() > 0) state.ending = false;
  else if (!(await isReady())) waitForNetwork();
  else inTurn(form);
}

// All is with the server and counts. A whole school whose time ends together hands in over some seconds, not at once.
function inTurn(form) {
  tell("time", "Time is up", "Your answers have reached the server and are being handed in.");
  setTimeout(async () => {
    if (!(await handIn(form))) waitForNetwork();
  }, Math.random() * SPREAD);
}

function waitForNetwork() {
  const unsent = sending.waiting().length;
  const kept = unsent ? " What has not reached the server yet is kept on this device and sent as soon as it can be; what comes too late is kept and shown, but does not count." : "";
  untell("network");
  tell("time", "Time is up", `What had reached the server in time counts, and is handed in by itself.${kept}`);
}

function toggle(button) {
  root.dataset.timer = isHidden() ? "shown" : "hidden";
  const choice = document.querySelector(`[data-behaviour="preferences"] [name="timer"][value="${root.dataset.timer}"]`);
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  name(button);
}

function name(button) {
  button.textContent = isHidden() ? "Show the time" : "Hide";
  button.setAttribute("aria-label", isHidden() ? "Show the time left" : "Hide the time left");
}

function start() {
  begin(Number(timer.dataset.deadline) - Number(timer.dataset.secondsLeft) * 1000);
  const button = element("button", { type: "button", className: "timer-toggle" });
  button.addEventListener("click", () => toggle(button));
  new MutationObserver(() => name(button)).observe(root, { attributeFilter: ["data-timer"] });
  name(button);
  timer.append(button);
  state.beat = setInterval(tick, 500);
  listen((what) => {
    if (what === "well") state.ending = false;
  });
  tick();
}

if (timer && attempt) start();
