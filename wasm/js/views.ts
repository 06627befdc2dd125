/** Binary values on their way to a worker. */

/** Objects nested deeper are left alone: the toolkit refuses them anyway. */
const deepest = 1000;

/**
 * The same arguments, with a copy in place of every view of a part of a larger
 * buffer. Structured cloning would take the whole buffer along with such a view,
 * and transferring would take it away. What lies in shared memory is copied too:
 * the worker is to read what was there at the call.
 */
export function compact<T>(value: T): T {
  return replace(value, 0) as T;
}

function replace(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > deepest) return value;
  if (ArrayBuffer.isView(value)) {
    if (value.byteLength === value.buffer.byteLength && value.buffer instanceof ArrayBuffer) return value;
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const old: unknown = value[i];
      const fresh = replace(old, depth + 1);
      if (fresh !== old) {
        copy ??= value.slice();
        copy[i] = fresh;
      }
    }
    return copy ?? value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const old = (value as Record<string, unknown>)[key];
    const fresh = replace(old, depth + 1);
    if (fresh !== old) {
      copy ??= Object.assign(Object.create(null) as Record<string, unknown>, value);
      copy[key] = fresh;
    }
  }
  return copy ?? value;
}
