// Things to put in order: drag them, or move them up or down. The selects, which are for those without script, hold the
// answer; the list is always in the order that they say, and until something is moved they say nothing.

const words = { grip: "Drag to move", up: "Move up", down: "Move down", keep: "Keep this order", back: "Take this order back" };

function button(name, label, sign) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `ordering-${name}`;
  made.setAttribute("aria-label", label);
  const shown = document.createElement("span");
  shown.setAttribute("aria-hidden", "true");
  shown.textContent = sign;
  made.append(shown);
  return made;
}

class Ordering {
  constructor(list) {
    this.list = list;
    this.rows.forEach((row) => this.equip(row));
    this.says = document.createElement("p");
    this.says.className = "visually-hidden";
    this.says.setAttribute("role", "status");
    this.keep = button("keep", words.keep, words.keep);
    this.keep.removeAttribute("aria-label");
    this.keep.classList.add("button");
    this.keep.firstChild.removeAttribute("aria-hidden");
    this.keep.addEventListener("click", () => (this.isSettled ? this.clear() : this.settle("This order is your answer.")));
    list.after(this.keep, this.says);
    list.closest("form")?.addEventListener("restored", () => this.sort());
    this.sort();
    list.dataset.ready = "";
  }

  get rows() {
    return [...this.list.children];
  }

  select(row) {
    return row.querySelector("select");
  }

  text(row) {
    return row.querySelector(".ordering-text").textContent.trim();
  }

  equip(row) {
    const name = this.text(row);
    const up = button("up", `${words.up}: ${name}`, "↑");
    const down = button("down", `${words.down}: ${name}`, "↓");
    const grip = document.createElement("span");
    grip.className = "ordering-grip";
    grip.title = words.grip;
    grip.setAttribute("aria-hidden", "true");
    grip.textContent = "⠿";
    up.addEventListener("click", () => this.step(row, -1));
    down.addEventListener("click", () => this.step(row, 1));
    row.append(up, down, grip);
    const place = document.createElement("span");
    place.className = "ordering-place";
    this.select(row).hidden = true;
    row.prepend(place);
    row.addEventListener("pointerdown", (event) => this.take(row, event));
  }

  get isSettled() {
    return this.rows.every((row) => this.select(row).value);
  }

  // An answer that was saved puts the rows in its order; those without a place stay last.
  sort() {
    const place = (row) => Number(this.select(row).value) || Infinity;
    const sorted = this.rows.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
    this.list.append(...sorted);
    this.look();
  }

  look() {
    this.keep.firstChild.textContent = this.isSettled ? words.back : words.keep;
    this.rows.forEach((row, i, all) => {
      row.firstChild.textContent = this.select(row).value || "–";
      row.querySelector(".ordering-up").setAttribute("aria-disabled", String(i === 0));
      row.querySelector(".ordering-down").setAttribute("aria-disabled", String(i === all.length - 1));
    });
  }

  // The list as it stands is the answer: each select says its row's place.
  number() {
    this.rows.forEach((row, i) => (this.select(row).value = String(i + 1)));
    this.look();
  }

  settle(said) {
    this.number();
    this.tell(said);
  }

  tell(said) {
    this.says.textContent = said;
    this.select(this.rows[0]).dispatchEvent(new CustomEvent("change", { bubbles: true }));
  }

  told(row) {
    const rows = this.rows;
    return `${this.text(row)}: place ${rows.indexOf(row) + 1} of ${rows.length}`;
  }

  // The neighbour moves, so that the button keeps the focus.
  step(row, by) {
    const neighbour = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return (this.says.textContent = `${this.told(row)}, ${by < 0 ? "first" : "last"} already`);
    if (by < 0) row.after(neighbour);
    else row.before(neighbour);
    return this.settle(this.told(row));
  }

  // The answer is taken back; the rows stay where they are.
  clear() {
    this.rows.forEach((row) => (this.select(row).value = ""));
    this.look();
    this.tell("Your order is taken back.");
  }

  take(row, event) {
    const byGrip = event.target.closest(".ordering-grip");
    if (event.button || (!byGrip && (event.pointerType !== "mouse" || event.target.closest("button")))) return;
    event.preventDefault();
    const before = this.rows;
    const drag = new AbortController();
    const on = (name, what) => addEventListener(name, what, { signal: drag.signal });
    const leave = () => {
      drag.abort();
      row.classList.remove("ordering-dragged");
    };
    row.classList.add("ordering-dragged");
    on("pointermove", (move) => move.pointerId === event.pointerId && this.carry(row, move.clientY));
    on("pointerup", () => {
      leave();
      if (this.rows.some((one, i) => one !== before[i])) this.settle(this.told(row));
    });
    const back = () => {
      leave();
      this.list.append(...before);
    };
    on("pointercancel", back);
    on("keydown", (key) => key.key === "Escape" && back());
  }

  carry(row, y) {
    const middle = (one) => one.getBoundingClientRect().top + one.offsetHeight / 2;
    const { previousElementSibling: above, nextElementSibling: below } = row;
    if (above && y < middle(above)) above.before(row);
    else if (below && y > middle(below)) below.after(row);
  }
}

for (const list of document.querySelectorAll('[data-behaviour="ordering"]')) new Ordering(list);
