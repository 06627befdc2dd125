import assert from "node:assert/strict";
import { test } from "node:test";
import { elapsed, Timers } from "../edge-timers.js";

const hour = 3_600_000;

test("timers ring in the order of their times, whatever the order in which they were set", async () => {
  const timers = new Timers(elapsed());
  const rung: string[] = [];
  await new Promise<void>((resolve) => {
    timers.set(() => (rung.push("last"), resolve()), 30);
    timers.set(() => rung.push("first"), 1);
    timers.set(() => assert.fail("an hour is not over"), hour);
  });
  assert.deepEqual(rung, ["first", "last"]);
  timers.clearAll();
});

test("a timer that was taken back does not ring, also when another one's ringing takes it back", async () => {
  const timers = new Timers(elapsed());
  await new Promise<void>((resolve) => {
    timers.clear(timers.set(() => assert.fail("it was taken back"), 1));
    timers.clear(0); // nobody's
    let second = 0;
    timers.set(() => timers.clear(second), 2);
    second = timers.set(() => assert.fail("it was taken back"), 2);
    timers.set(resolve, 20);
  });
});

test("a timer that is set while one rings rings, too", async () => {
  const timers = new Timers(elapsed());
  let left = 5;
  await new Promise<void>((resolve) => {
    const again = (): void => {
      if (--left === 0) resolve();
      else timers.set(again, 1);
    };
    timers.set(again, 0);
  });
  assert.equal(left, 0);
});

test("a clock that is set forward holds up no timer that is set after", async () => {
  let wrong = 0;
  const passed = elapsed();
  const timers = new Timers(() => passed() + wrong);
  let old = false;
  timers.set(() => (old = true), hour);
  wrong = 2 * hour;
  await new Promise<void>((resolve) => timers.set(resolve, 1));
  assert.ok(old, "what the clock has left behind is due");
});
