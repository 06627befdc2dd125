// Ready-made settings that let pages of an origin talk to an endpoint.

export interface Snippet {
  /** the server it is for */
  server: string;
  text: string;
}

/** The request headers of DSML over SOAP that make a browser ask beforehand. */
const requestHeaders = ["Authorization", "Content-Type", "SOAPAction"];

/** For the servers that DSML gateways usually stand behind. `origin` is that of the page. */
export function corsSnippets(origin: string): Snippet[] {
  const allowed = requestHeaders.join(", ");
  const headers: [string, string][] = [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Allow-Methods", "POST"],
    ["Access-Control-Allow-Headers", allowed],
    ["Access-Control-Max-Age", "7200"],
    ["Vary", "Origin"],
  ];
  return [
    { server: "Headers", text: headers.map(([name, value]) => `${name}: ${value}`).join("\n") },
    {
      server: "nginx",
      text: [
        "location = /dsml {",
        ...headers.map(([name, value]) => `    add_header ${name} "${value}" always;`),
        "    if ($request_method = OPTIONS) { return 204; }",
        "    proxy_pass http://127.0.0.1:8080;",
        "}",
      ].join("\n"),
    },
    {
      server: "Apache",
      text: [
        '<Location "/dsml">',
        ...headers.map(([name, value]) => `    Header always set ${name} "${value}"`),
        "    RewriteEngine On",
        "    RewriteCond %{REQUEST_METHOD} OPTIONS",
        "    RewriteRule ^ - [R=204,L]",
        "</Location>",
      ].join("\n"),
    },
    {
      server: "Tomcat",
      text: [
        "<filter>",
        "  <filter-name>cors</filter-name>",
        "  <filter-class>org.apache.catalina.filters.CorsFilter</filter-class>",
        ...[
          ["cors.allowed.origins", origin],
          ["cors.allowed.methods", "POST,OPTIONS"],
          ["cors.allowed.headers", requestHeaders.join(",")],
        ].map(([name, value]) => `  <init-param><param-name>${name}</param-name><param-value>${value}</param-value></init-param>`),
        "</filter>",
        "<filter-mapping><filter-name>cors</filter-name><url-pattern>/*</url-pattern></filter-mapping>",
      ].join("\n"),
    },
    {
      server: "IIS",
      text: [
        "<!-- web.config, with the IIS CORS module -->",
        '<cors enabled="true">',
        `  <add origin="${origin}">`,
        `    <allowHeaders>${requestHeaders.map((name) => `<add header="${name}" />`).join("")}</allowHeaders>`,
        '    <allowMethods><add method="POST" /></allowMethods>',
        "  </add>",
        "</cors>",
      ].join("\n"),
    },
  ];
}
