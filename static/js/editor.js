import { presence, token } from "./presence.js";
import { element, tell, untell } from "./telling.js";
import { wordGrids } from "./words.js";

// Writing a question: what is typed is kept as a draft by itself, on the server or else in this browser; the preview
// follows; buttons that change rows do so without leaving the page. Without this script every button still works.

const KEPT_FOR = 30 * 24 * 3600 * 1000;
const READ_AGAIN = 15000;
const DEEDS = ["add", "remove", "up", "down", "find", "search", "choose", "preview"];
const state = { running: null, dirty: false, timer: 0, previewing: 0, seen: 0, stopped: false };

const form = () => document.getElementById("question-form");
const key = () => `draft:${document.querySelector(".editor").dataset.account}:${form().dataset.name}`;

function fields(submitter = null) {
  const body = new URLSearchParams(new FormData(form()));
  body.set("csrf_token", token());
  if (submitter) body.set(submitter.name, submitter.value);
  return body;
}

function post(address, body, accept) {
  return fetch(address, { method: "POST", body, headers: { Accept: accept }, signal: AbortSignal.timeout?.(20000) });
}

// --- keeping ---------------------------------------------------------------------------------------------------------

function typed() {
  state.dirty = true;
  state.stopped = false;
  clearTimeout(state.timer);
  state.timer = setTimeout(keep, 1200);
  clearTimeout(state.previewing);
  state.previewing = setTimeout(preview, 500);
}

function keep() {
  state.running ??= send().finally(() => {
    state.running = null;
    if (state.dirty && !state.stopped) state.timer = setTimeout(keep, 1200);
  });
  return state.running;
}

async function send(again = false) {
  if (!state.dirty || !form()) return;
  state.dirty = false;
  const body = fields();
  const answer = await post(form().dataset.draft, body, "application/json").catch(() => null);
  const told = answer && (await answer.json().catch(() => null));
  if (answer?.status === 409 && told?.who) return differs(told);
  if (answer?.status === 400 && !again && (await presence())) {
    state.dirty = true;
    return send(true);
  }
  if (!answer?.ok || !told) return notKept(body, answer?.status);
  form().elements.revision.value = told.revision;
  for (const line of document.querySelectorAll(".evidence-check")) showCheck(line, told.checks[line.id.slice(0, -6)]);
  forget();
  untell("draft");
  say(`Draft kept at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}.`);
}

function showCheck(line, check) {
  line.className = `evidence-check ${check?.outcome ?? ""}`;
  if (line.textContent !== (check?.message ?? "")) line.textContent = check?.message ?? "";
}

function say(words) {
  const line = document.getElementById("saved");
  if (line) line.textContent = words;
}

function notKept(body, status) {
  state.dirty = true;
  const here = hold(body);
  const where = here ? "It is kept in this browser and sent as soon as that is possible." : "This browser cannot keep it either: copy your text before you leave this page.";
  const signIn = element("a", { href: "/sign-in", target: "_blank", textContent: "Sign in in another window" });
  if (status === 401 || status === 403 || status === 400) tell("draft", "You are signed out", `What you type does not reach us just now. ${where} `, "wrong", signIn);
  else if (status === 413 || status === 422) tell("draft", "Too much at once", `This is more than we keep for one question. ${where}`, "wrong");
  else tell("draft", "No connection", `What you type does not reach us just now. ${where}`);
  say("");
  state.stopped = true;
  clearTimeout(state.timer);
  state.timer = setTimeout(retry, READ_AGAIN);
}

async function retry() {
  if (state.dirty && (await presence())?.user) return keep();
  if (state.dirty) state.timer = setTimeout(retry, READ_AGAIN);
}

function differs({ who }) {
  hold(fields());
  state.stopped = true;
  const button = element("button", { className: "button", type: "button", textContent: "Show both texts" });
  button.addEventListener("click", () => change(element("button", { name: "change", value: "preview" })));
  tell("draft", `${who} has changed this question meanwhile`, "Nothing of yours is lost, and nothing of theirs is overwritten. ", "wrong", button);
}

function hold(body, isSent = false) {
  try {
    localStorage.setItem(key(), JSON.stringify({ at: Date.now(), isSent, fields: body.toString() }));
    return true;
  } catch {
    return false;
  }
}

function forget() {
  try {
    localStorage.removeItem(key());
  } catch {
    // Nothing was kept there.
  }
}

function held() {
  try {
    const kept = JSON.parse(localStorage.getItem(key()));
    return kept && Date.now() - kept.at < KEPT_FOR ? kept : null;
  } catch {
    return null;
  }
}

// What did not reach the server the last time stands in this browser: it is offered, not put in by itself. A page that
// answers what was sent (data-kept) holds it already.
function offerHeld() {
  const kept = held();
  if (!kept || form().dataset.kept || sameText(kept.fields) || (kept.isSent && hasMoved(kept.fields))) return forget();
  const back = element("button", { className: "button", type: "button", textContent: "Put it back" });
  const away = element("button", { className: "button quiet", type: "button", textContent: "Throw it away" });
  back.addEventListener("click", () => change(element("button", { name: "change", value: "preview" }), new URLSearchParams(kept.fields)));
  away.addEventListener("click", () => {
    forget();
    untell("held");
  });
  tell("held", "Something you typed here did not reach us", "It is kept in this browser. ", "partial", back, " ", away);
}

// What was sent as the page was left has arrived where the server has kept something since.
function hasMoved(text) {
  const sent = new URLSearchParams(text);
  return ["revision", "base"].some((name) => sent.get(name) !== form().elements[name].value);
}

// Nobody types tokens, ids and revisions, and a row in which nothing stands is no text.
function sameText(text) {
  const isTyped = ([name, value]) => value.trim() && !/^(csrf_token|revision|base|change|passage_search|(.+-)?id)$/.test(name);
  const plain = (body) => [...body].filter(isTyped).toString();
  return plain(new URLSearchParams(text)) === plain(fields());
}

// --- changing the form -----------------------------------------------------------------------------------------------

async function change(submitter, body = null) {
  const editor = document.querySelector(".editor");
  if (editor.inert) return;
  editor.inert = true; // what is typed into a form about to be replaced would be lost
  if (state.running) await state.running;
  clearTimeout(state.timer);
  const sent = body ?? fields();
  sent.set("csrf_token", token());
  sent.set(submitter.name, submitter.value);
  const answer = await post(form().action, sent, "text/html").catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page?.querySelector(".editor");
  if (!fresh) {
    editor.inert = false;
    submitter.focus();
    state.dirty = true;
    return notKept(fields(), answer?.status);
  }
  const opened = [...editor.querySelectorAll("details[open][id]")].map((one) => one.id);
  editor.replaceWith(document.adoptNode(fresh));
  for (const id of opened) document.getElementById(id)?.setAttribute("open", ""); // what somebody unfolded stays so
  state.dirty = false;
  state.stopped = false;
  if (answer.ok) forget();
  history.replaceState(null, "", form().action);
  untell("draft");
  untell("held");
  begin();
  focusOn(submitter);
}

function focusOn(submitter) {
  const wanted = document.querySelector(".editor [autofocus]") ?? rowOf(submitter) ?? document.querySelector(".editor [role=alert]");
  if (!wanted) return;
  if (wanted.getAttribute("role") === "alert") wanted.tabIndex = -1;
  wanted.focus();
  wanted.scrollIntoView({ block: "nearest" });
}

// The same button in the row's new place, else the first thing to type into there.
function rowOf(submitter) {
  const row = document.querySelector(".editor [data-focus]");
  const deed = submitter.value.split(":")[0];
  if (!row) return submitter.id ? document.getElementById(submitter.id) : null;
  const again = deed === "up" || deed === "down" ? document.getElementById(`${row.id}-${deed}`) : null;
  return again ?? row.querySelector("input:not([type=hidden]), textarea, select") ?? row;
}

async function preview() {
  const asked = ++state.seen;
  const answer = await post(form().dataset.preview, fields(), "text/html").catch(() => null);
  if (!answer?.ok || asked !== state.seen) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.redirected) document.getElementById("preview").replaceChildren(...page.body.childNodes);
}

function begin() {
  form().addEventListener("input", typed);
  form().addEventListener("submit", (event) => {
    const deed = event.submitter?.value.split(":")[0] ?? "";
    if (DEEDS.includes(deed)) {
      event.preventDefault();
      change(event.submitter);
    } else if (state.running) {
      event.preventDefault();
      const { submitter } = event;
      state.running.then(() => form().requestSubmit(submitter));
    } else {
      clearTimeout(state.timer);
      hold(fields(), true);
      state.dirty = false; // else leaving the page would take what is under way for something unsent
    }
  });
  wordGrids();
}

if (form()) {
  begin();
  offerHeld();
  window.addEventListener("online", retry);
  window.addEventListener("pagehide", () => {
    if (state.dirty) hold(fields());
  });
}
