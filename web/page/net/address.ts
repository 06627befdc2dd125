// Where an address lies, as far as its text tells: on this machine, in the
// local network, or anywhere.

export type AddressSpace = "loopback" | "local" | "public" | "unknown";

/** By the host of a URL, without asking the name service. */
export function addressSpace(hostname: string): AddressSpace {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase().replace(/\.$/, "");
  if (host === "localhost" || host.endsWith(".localhost") || host === "::1") return "loopback";
  const four = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (four) {
    const [a, b] = [Number(four[1]), Number(four[2])];
    if (a === 127) return "loopback";
    if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b <= 127)) {
      return "local";
    }
    return "public";
  }
  if (host.includes(":")) return /^(f[cd]|fe[89ab])/.test(host) ? "local" : "public";
  if (host.endsWith(".local") || host.endsWith(".internal") || host.endsWith(".home.arpa") || !host.includes(".")) return "local";
  return "unknown";
}

/** Whether browsers take an http address for as good as https: only this machine. */
export function trustworthy(hostname: string): boolean {
  return addressSpace(hostname) === "loopback";
}

/** Whether the browser may ask before it lets the page reach the endpoint: when it lies nearer than the page does. */
export function asksPermission(page: string, endpoint: string): boolean {
  const nearness = { public: 0, unknown: 0, local: 1, loopback: 2 };
  const space = (url: string) => nearness[addressSpace(new URL(url, page).hostname)];
  return space(endpoint) > space(page);
}

/**
 * The `targetAddressSpace` to declare: an https page may reach an http address
 * in the local network only if the request says beforehand that it goes there.
 * Only addresses that cannot mean anything else are declared, since a wrong
 * declaration makes the request fail.
 */
export function needsAddressSpace(page: string, endpoint: string): "loopback" | "local" | undefined {
  const from = new URL(page);
  const to = new URL(endpoint, page);
  if (from.protocol !== "https:" || to.protocol !== "http:") return undefined;
  const literal = /^[\d.]+$/.test(to.hostname) || to.hostname.startsWith("[") || to.hostname.endsWith(".local") || to.hostname === "localhost";
  const space = addressSpace(to.hostname);
  return literal && (space === "loopback" || space === "local") ? space : undefined;
}
