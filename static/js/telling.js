import { names } from "./storage.js";

// Notices at the top of the page, in the region that is read aloud; one of each name, the newest words stand.

const place = document.querySelector(".flashes");

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function tell(name, title, words, kind = "partial", ...more) {
  const shown = place.querySelector(`[data-told="${name}"]`);
  if (shown?.dataset.words === title + words) return;
  const notice = element("div", { className: `notice ${kind}` }, element("p", { className: "notice-title", textContent: title }));
  if (words || more.length) notice.append(element("p", { textContent: words }), ...more);
  Object.assign(notice.dataset, { told: name, words: title + words });
  still(() => (shown ? shown.replaceWith(notice) : place.append(notice)), notice);
}

export function untell(name) {
  still(() => place.querySelector(`[data-told="${name}"]`)?.remove());
}

// A question stays where it is on the screen: a finger on its way to one answer must not meet another. A focus on what
// goes moves to the link of what comes instead, or to where one reads on.
function still(change, notice) {
  const form = document.getElementById("answer-form");
  const top = () => form?.getBoundingClientRect().top;
  const before = top();
  const isWithin = () => place.contains(document.activeElement);
  const was = isWithin();
  change();
  if (form) scrollBy(0, top() - before);
  if (was && !isWithin()) readOn(notice?.querySelector("a") ?? question() ?? document.getElementById("main"));
}

export function question() {
  return document.querySelector("#answer-form .question-stem, .conflict, #review");
}

export function readOn(one, preventScroll = true) {
  if (one.tabIndex < 0) one.tabIndex = -1;
  one.focus({ preventScroll });
}

// What has to be said on the next page.
export function tellNext(title, words) {
  try {
    sessionStorage.setItem(names.told, JSON.stringify([title, words]));
  } catch {
    // The result says it as well.
  }
}

export function tellNow() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(names.told));
    sessionStorage.removeItem(names.told);
    if (kept) tell("carried", ...kept);
  } catch {
    // Nothing to say.
  }
}

// Asks in a dialog; the name of the button that was pressed, "" when it was put away.
export function ask(title, words, buttons) {
  return new Promise((done) => {
    const choices = buttons.map(([value, label, kind]) => element("button", { className: `button ${kind}`, value, textContent: label }));
    const actions = element("form", { method: "dialog", className: "actions" }, ...choices);
    const dialog = element("dialog", { className: "dialog" }, element("h2", { id: "dialog-title", textContent: title }), element("p", { textContent: words }), actions);
    dialog.setAttribute("aria-labelledby", "dialog-title");
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
