import { presence, token } from "./presence.js";
import { element, tell, untell } from "./telling.js";

// The quiz builder: what is typed is kept as a draft by itself, on the server or else in this browser; questions are
// dragged into another order, and each draw says at once how many questions it can choose from.

const PAUSE = 1500;
const AGAIN = 10000;
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const NOT_TYPED = ["csrf_token", "window", "seen", "do"];
const form = document.querySelector('[data-behaviour="builder"]');
const said = document.querySelector("[data-kept]");
const state = { due: 0, sent: "" };

const key = () => `quiz-draft:${form.dataset.account}:${form.action}`;

function written() {
  const data = new FormData(form);
  data.set("do", "autosave");
  data.set("csrf_token", token());
  return new URLSearchParams(data);
}

function typed(body) {
  return new URLSearchParams([...body].filter(([name]) => !NOT_TYPED.includes(name))).toString();
}

function hold(body, isSent = false) {
  try {
    localStorage.setItem(key(), JSON.stringify({ at: Date.now(), isSent, seen: form.elements.seen.value, fields: typed(body) }));
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
    if (!kept || Date.now() - kept.at > KEPT_FOR) return null;
    // What was sent as the page was left has arrived where the server has kept something since.
    return kept.isSent && kept.seen !== form.elements.seen.value ? null : kept.fields;
  } catch {
    return null;
  }
}

// What did not reach the server the last time is offered, not put in by itself.
function offerHeld() {
  const kept = held();
  if (!kept || kept === typed(written())) return forget();
  const back = element("button", { className: "button", type: "button", textContent: "Put it back" });
  const away = element("button", { className: "button quiet", type: "button", textContent: "Throw it away" });
  back.addEventListener("click", () => putBack(new URLSearchParams(kept)));
  away.addEventListener("click", () => {
    forget();
    untell("held");
  });
  tell("held", "Something you typed here did not reach us", "It is kept in this browser. ", "partial", back, " ", away);
}

// It goes as a form of its own, on top of what this page has seen.
function putBack(fields) {
  for (const [name, value] of new FormData(form)) if (NOT_TYPED.includes(name)) fields.set(name, value);
  fields.set("csrf_token", token());
  fields.set("do", "keep");
  const inputs = [...fields].map(([name, value]) => element("input", { type: "hidden", name, value }));
  const carrier = element("form", { method: "post", action: form.action, hidden: true }, ...inputs);
  document.body.append(carrier);
  forget();
  carrier.submit();
}

async function keep() {
  if ("undecided" in form.dataset) return;
  const body = written();
  if (typed(body) === state.sent) return;
  const answer = await fetch(form.action, { method: "POST", body, redirect: "error", headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 409) return undecided();
  if (!answer?.ok) return notKept(body, answer?.status);
  state.sent = typed(body);
  forget();
  untell("draft");
  said.textContent = "Draft kept.";
}

// Without the server it is kept in this browser, and sent once that is there again, and knows who is here.
async function notKept(body, status) {
  const where = hold(body) ? "It is kept in this browser, and sent as soon as that is possible." : "This browser cannot keep it either: copy it before you leave this page.";
  const signIn = element("a", { href: "/sign-in", target: "_blank", textContent: "Sign in in another window" });
  said.textContent = "Not kept yet.";
  if ([400, 401, 403].includes(status)) tell("draft", "You are signed out", `What you type does not reach us just now. ${where} `, "wrong", signIn);
  else tell("draft", "No connection", `What you type does not reach us just now. ${where}`);
  clearTimeout(state.due);
  state.due = setTimeout(retry, AGAIN);
}

async function retry() {
  if ((await presence())?.user === form.dataset.account) return keep();
  state.due = setTimeout(retry, AGAIN);
}

// Another window has kept another text: nothing more is sent until both have been looked at.
function undecided() {
  form.dataset.undecided = "";
  said.textContent = "Not kept.";
  document.querySelector("[data-both]").hidden = false;
}

function soon(pause = PAUSE) {
  clearTimeout(state.due);
  state.due = setTimeout(keep, pause);
}

class Pool {
  constructor(box) {
    this.box = box;
    this.says = box.querySelector(".pool-count");
    this.asked = 0;
    box.addEventListener("change", () => this.ask());
  }

  query() {
    const query = new URLSearchParams();
    for (const field of this.box.querySelectorAll("select, input:checked")) {
      if (field.value) query.append(field.name.replace(/^sections-\d+-/, ""), field.value);
    }
    for (const fixed of form.querySelectorAll("[data-item] > input[type=hidden]")) query.append("fixed", fixed.value);
    return query;
  }

  async ask() {
    const turn = ++this.asked;
    const answer = await fetch(`${this.box.dataset.address}?${this.query()}`).catch(() => null);
    if (!answer?.ok || turn !== this.asked) return;
    const { count } = await answer.json();
    this.says.textContent =
      count === null ? "Nothing can be counted yet." : `It can choose from ${count} ${count === 1 ? "question" : "questions"} that the quiz does not set already.`;
  }
}

// Rows are dragged by the mouse; the buttons beside them do the same for everybody else.
class Sortable {
  constructor(list) {
    this.list = list;
    for (const row of list.children) {
      row.draggable = true;
      row.addEventListener("dragstart", (event) => this.begin(row, event));
      row.addEventListener("dragend", () => this.end());
    }
    list.addEventListener("dragover", (event) => this.over(event));
    list.addEventListener("drop", (event) => event.preventDefault());
  }

  begin(row, event) {
    if (event.target.closest("input")) return event.preventDefault();
    this.row = row;
    event.dataTransfer.effectAllowed = "move";
    return row.classList.add("dragged");
  }

  over(event) {
    if (!this.row) return;
    event.preventDefault();
    const under = event.target.closest("[data-item]");
    if (!under || under === this.row || under.parentElement !== this.list) return;
    const { top, height } = under.getBoundingClientRect();
    if (event.clientY < top + height / 2) under.before(this.row);
    else under.after(this.row);
  }

  // The buttons name places, so they are numbered anew.
  end() {
    this.row?.classList.remove("dragged");
    this.row = null;
    [...this.list.children].forEach((row, i, all) => {
      for (const button of row.querySelectorAll("button[name=do]")) {
        button.value = button.value.replace(/\d+$/, String(i));
        button.disabled = (button.value.startsWith("up") && i === 0) || (button.value.startsWith("down") && i === all.length - 1);
      }
    });
    soon(0);
  }
}

if (form) {
  state.sent = typed(written());
  if (!("undecided" in form.dataset)) offerHeld();
  form.addEventListener("input", () => soon());
  form.addEventListener("submit", () => {
    clearTimeout(state.due);
    if (typed(written()) !== state.sent) hold(written(), true);
  });
  addEventListener("online", retry);
  for (const box of form.querySelectorAll('[data-behaviour="pool"]')) new Pool(box);
  for (const list of form.querySelectorAll('[data-behaviour="sortable"]')) new Sortable(list);
}
