using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "memory", worker = .memory),
    (name = "routing", worker = .routing),
    (name = "stock", worker = .stock),
    (name = "empty", worker = .empty),
    (name = "disk", disk = (path = "objects", writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [
    (name = "edge", address = "$edge", http = (), service = "edge"),
    (name = "memory", address = "$memory", http = (), service = "memory"),
    (name = "routing", address = "$routing", http = (), service = "routing"),
    (name = "stock", address = "$stock", http = (), service = "stock"),
    (name = "empty", address = "$empty", http = (), service = "empty"),
  ],
);

const edge :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "edge.wasm", wasm = embed "edge.wasm"),
    (name = "tab.wasm", wasm = embed "tab.wasm"),
    (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm"),
  ],
  compatibilityDate = "$date",
  compatibilityFlags = [$flags],
  durableObjectNamespaces = [
    (className = "Endpoint", uniqueKey = "edge-endpoint", enableSql = true),
    (className = "Coordinator", uniqueKey = "edge-coordinator", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ENDPOINT", durableObjectNamespace = "Endpoint"),
    (name = "COORDINATOR", durableObjectNamespace = "Coordinator"),
    (name = "DSMLKIT_DIRECTORY", text = "$directory"),
    (name = "DSMLKIT_SESSIONS_MAX", text = "-1"),
    (name = "DSMLKIT_SESSIONS_MAX_PER_CLIENT", text = "-1"),
  ],
);

const memory :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "edge.wasm", wasm = embed "edge.wasm"),
    (name = "tab.wasm", wasm = embed "tab.wasm"),
    (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm"),
  ],
  compatibilityDate = "$date",
  compatibilityFlags = [$flags],
  durableObjectNamespaces = [
    (className = "Endpoint", uniqueKey = "memory-endpoint", enableSql = true),
    (className = "Coordinator", uniqueKey = "memory-coordinator", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ENDPOINT", durableObjectNamespace = "Endpoint"),
    (name = "COORDINATOR", durableObjectNamespace = "Coordinator"),
    (name = "DSMLKIT_DIRECTORY", text = "memory"),
    (name = "DSMLKIT_SESSIONS_MAX", text = "-1"),
    (name = "DSMLKIT_SESSIONS_MAX_PER_CLIENT", text = "-1"),
  ],
);

const routing :Workerd.Worker = (
  modules = [
    (name = "routing.js", esModule = embed "routing.js"),
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "edge.wasm", wasm = embed "edge.wasm"),
    (name = "tab.wasm", wasm = embed "tab.wasm"),
    (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm"),
  ],
  compatibilityDate = "$date",
  compatibilityFlags = [$flags],
  durableObjectNamespaces = [
    (className = "Endpoint", uniqueKey = "routing-endpoint", enableSql = true),
    (className = "Coordinator", uniqueKey = "routing-coordinator", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ENDPOINT", durableObjectNamespace = "Endpoint"),
    (name = "COORDINATOR", durableObjectNamespace = "Coordinator"),
    (name = "DSMLKIT_DIRECTORY", text = "$directory"),
    (name = "DSMLKIT_SESSIONS_MAX", text = "-1"),
    (name = "DSMLKIT_SESSIONS_MAX_PER_CLIENT", text = "-1"),
  ],
);

const stock :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "stock/worker.mjs"),
    (name = "runtime.mjs", esModule = embed "stock/runtime.mjs"),
    (name = "wasm_exec.js", esModule = embed "stock/wasm_exec.js"),
    (name = "app.wasm", wasm = embed "stock/app.wasm"),
  ],
  compatibilityDate = "$date",
);

const empty :Workerd.Worker = (
  modules = [(name = "empty.js", esModule = embed "empty.js")],
  compatibilityDate = "$date",
);
