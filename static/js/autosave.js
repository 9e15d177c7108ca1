// Answers save themselves. Each change becomes a save with a rising sequence, sent one after the other; a save that does
// not get through is tried again, and the page says so. Only the newest unsent state matters, so the queue holds one.

const form = document.querySelector('[data-behaviour="autosave"]');
const PAUSE = 500;
const RETRY = [1000, 2000, 4000, 8000, 15000];

function randomWord() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const page = {
  client: randomWord(),
  sequence: 0,
  base: form?.dataset.base || "",
  dirty: false,
  sending: null,
  failures: 0,
  pause: 0,
};

function say(words, kind = "") {
  const place = form.querySelector("[data-saved]");
  place.textContent = words;
  place.dataset.kind = kind;
}

function fields() {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) data.append(name, value);
  for (const name of ["client", "sequence", "base", "unchanged"]) data.delete(name);
  return data;
}

function stamped(data) {
  data.set("client", page.client);
  data.set("sequence", String(page.sequence));
  data.set("base", page.base);
  return data;
}

async function send() {
  clearTimeout(page.pause);
  if (page.sending || !page.dirty) return page.sending;
  page.dirty = false;
  page.sequence += 1;
  page.sending = post(stamped(fields()), page.sequence);
  await page.sending;
  page.sending = null;
  if (page.dirty && !page.failures) await send();
}

// All that is written is with the server, or has been tried.
export async function flush() {
  await page.sending;
  if (page.dirty) await send();
}

async function post(data, sequence) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (answer.status === 409) return conflict();
    if (!answer.ok) throw new Error(String(answer.status));
    accepted(await answer.json(), sequence);
  } catch (error) {
    failed(error);
  }
}

function accepted(told, sequence) {
  page.failures = 0;
  if (told.current) page.base = told.current;
  if (told.standing === "late") return say("Too late to count; it is kept, and your result will show it.", "wrong");
  if (sequence === page.sequence && !page.dirty) say("Saved");
  const step = document.querySelector(".step[aria-current]");
  if (!step) return;
  step.classList.toggle("answered", told.answered);
  step.classList.toggle("blank", !told.answered);
  const state = step.querySelector(".step-state");
  state.textContent = state.textContent.replace(/^(not )?answered/, told.answered ? "answered" : "not answered");
}

function failed(error) {
  page.dirty = true;
  const wait = RETRY[Math.min(page.failures, RETRY.length - 1)];
  page.failures += 1;
  const why = error.message === "401" ? "You have been signed out. Sign in again in another tab; this page keeps your answer." : "Not saved yet. Trying again; keep this page open.";
  say(why, "wrong");
  page.pause = setTimeout(send, wait);
}

// Two devices: the server keeps both, and shows them side by side.
function conflict() {
  page.failures = 0;
  const go = document.createElement("input");
  Object.assign(go, { type: "hidden", name: "go", value: form.action.split("/").pop() });
  form.append(go);
  page.dirty = true;
  form.requestSubmit();
}

function changed(delay) {
  page.dirty = true;
  say("");
  clearTimeout(page.pause);
  page.pause = setTimeout(send, delay);
}

// A button of the form saves as well: with the next stamp where something is unsent, else saying that nothing is new.
function beforeSubmit() {
  clearTimeout(page.pause);
  const unsent = page.dirty || page.sending;
  if (unsent) page.sequence += 1;
  const extra = unsent ? { client: page.client, sequence: page.sequence, base: page.base } : { unchanged: "1" };
  for (const [name, value] of Object.entries(extra)) {
    let input = form.querySelector(`input[type="hidden"][name="${name}"]`);
    if (!input) {
      input = document.createElement("input");
      Object.assign(input, { type: "hidden", name });
      form.append(input);
    }
    input.value = value;
  }
  page.dirty = false;
}

if (form) {
  form.addEventListener("change", () => changed(0));
  form.addEventListener("input", (event) => event.target.matches("[type=text], textarea") && changed(PAUSE));
  form.addEventListener("submit", beforeSubmit);
  addEventListener("online", () => page.dirty && send());
  addEventListener("pagehide", () => {
    if (!page.dirty) return;
    page.sequence += 1;
    navigator.sendBeacon(form.action, stamped(fields()));
  });
  addEventListener("beforeunload", (event) => page.failures && event.preventDefault());
  // A page that the browser kept may show an old answer: look again.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
