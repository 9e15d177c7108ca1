// The page of an assignment keeps itself up to date; whoever wants to read in peace stops it.

const EVERY = 5000;
const PATIENCE = 10000;
const region = document.querySelector('[data-behaviour="live"]');
const stop = document.createElement("button");
let stopped = false;

// Whoever stands on a link or button in the table stands on the same one afterwards.
function replace(fresh) {
  const active = document.activeElement;
  const at = region.contains(active) ? [...region.querySelectorAll("a, button, .table-box")].indexOf(active) : -1;
  const scrolled = region.querySelector(".table-box")?.scrollLeft ?? 0;
  region.replaceChildren(...fresh.childNodes);
  if (at >= 0) region.querySelectorAll("a, button, .table-box")[at]?.focus({ preventScroll: true });
  const box = region.querySelector(".table-box");
  if (box) box.scrollLeft = scrolled;
}

async function refresh() {
  if (stopped || document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout?.(PATIENCE) });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector('[data-behaviour="live"]');
    if (fresh && !stopped) replace(fresh);
  } catch {
    // The network is away: what stands there says as of when it is, and the next turn tries again.
  }
}

async function turn() {
  await refresh();
  setTimeout(turn, EVERY);
}

if (region) {
  stop.type = "button";
  stop.className = "link-button";
  stop.textContent = "Stop keeping this up to date";
  stop.addEventListener("click", () => {
    stopped = !stopped;
    stop.textContent = stopped ? "Keep this up to date again" : "Stop keeping this up to date";
    refresh();
  });
  region.after(stop);
  setTimeout(turn, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
