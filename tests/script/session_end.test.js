// A session that ends under somebody's hands: what leads to sign-in, what only says so.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const page = { visited: [], typing: false, status: 401, held: null };
Object.assign(globalThis, {
  window: { addEventListener() {} },
  location: { pathname: "/", hash: "#/reading/7", assign: (address) => page.visited.push(address) },
  document: { querySelector: () => null, get activeElement() { return { matches: () => page.typing }; } },
  fetch: async () => new Response("{}", { status: page.status }),
});
const { get, SessionEnded } = await import("../../ui/kit/api.js");
const { holds, onSessionEnd } = await import("../../ui/kit/session_end.js");
const SIGN_IN = "/sign-in?next=%2F%23%2Freading%2F7";
const told = [];
holds(() => page.held);
onSessionEnd((news) => told.push(news));
const poll = () => assert.rejects(get("/api/me", { byClock: true }), SessionEnded);

beforeEach(async () => {
  Object.assign(page, { visited: [], typing: false, status: 200, held: null });
  await get("/api/me");
  page.status = 401;
  told.length = 0;
});

test("a page that nobody works on goes to sign-in and comes back to where it was", async () => {
  await poll();
  assert.deepEqual([page.visited, told], [[SIGN_IN], []]);
});

test("a page stays while somebody types, and where they hold text that was not saved", async () => {
  page.typing = true;
  await poll();
  await poll();
  assert.deepEqual(told, [{ kept: false, address: SIGN_IN }]);
  page.held = "kept";
  await poll();
  assert.deepEqual(told.at(-1), { kept: true, address: SIGN_IN });
  page.typing = false;
  await poll();
  page.held = "page";
  await poll();
  assert.deepEqual(told.at(-1), { kept: false, address: SIGN_IN });
  assert.deepEqual(page.visited, []);
});

test("once there is a session again, nothing is said any more", async () => {
  page.typing = true;
  await poll();
  page.status = 200;
  await get("/api/me");
  assert.equal(told.at(-1), null);
  await get("/api/me");
  assert.equal(told.length, 2);
});
