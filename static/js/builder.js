// The quiz builder: what is typed is kept as a draft by itself, questions are dragged into another order, and each draw
// says at once how many questions it can choose from.

const PAUSE = 1500;
const form = document.querySelector('[data-behaviour="builder"]');
const said = document.querySelector("[data-kept]");
const state = { due: 0, sent: "" };

function written() {
  const data = new FormData(form);
  data.set("do", "autosave");
  return new URLSearchParams(data);
}

async function keep() {
  if ("undecided" in form.dataset) return;
  const body = written();
  if (body.toString() === state.sent) return;
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "error" });
    if (answer.status === 409) return undecided();
    if (!answer.ok) throw new Error(answer.status);
    state.sent = body.toString();
    said.textContent = "Draft kept.";
  } catch {
    said.textContent = "Not kept yet: the server cannot be reached. Leave this page open; it tries again.";
    soon(5000);
  }
}

// Another window has kept another text: nothing more is sent until both have been looked at.
function undecided() {
  form.dataset.undecided = "";
  said.textContent = "Not kept: another window has kept another text.";
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
  state.sent = written().toString();
  form.addEventListener("input", () => soon());
  form.addEventListener("submit", () => clearTimeout(state.due));
  for (const box of form.querySelectorAll('[data-behaviour="pool"]')) new Pool(box);
  for (const list of form.querySelectorAll('[data-behaviour="sortable"]')) new Sortable(list);
}
