// The server's time in milliseconds: as told with the page and with each answer, and counted on by a clock that nobody sets.

const loaded = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
const known = { server: null, at: 0 };
let wall = Date.now() - performance.now();

// At the moment when the page began to arrive, the server's time was this.
export function begin(server) {
  if (known.server === null) Object.assign(known, { server, at: loaded });
}

export function now() {
  return known.server + performance.now() - known.at;
}

// The server said its time: exactly, or in whole seconds, which only matters when we are far off.
export function heard(server, exact = false) {
  if (!server || (!exact && known.server !== null && Math.abs(now() - server - 500) < 2500)) return;
  Object.assign(known, { server: exact ? server : server + 500, at: performance.now() });
}

// Whether this device slept, or its clock was set, since the last look: then what we count may be wrong.
export function slept() {
  const before = wall;
  wall = Date.now() - performance.now();
  return Math.abs(wall - before) > 2000;
}
