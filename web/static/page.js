// GraphiQL for this server: operations over HTTP, subscriptions over graphql-transport-ws.
"use strict";

const FIRST_QUERY = `# Welcome to Framewright.
#
# Ctrl-Enter runs the operation under the cursor and
# Ctrl-Space completes. On the left, the book explains
# every type and field, and the folder writes
# operations by clicking.

# 1. This works at once.
query Server {
  version
}

# 2. The rest wants to know who you are. Run this, then
#    paste the access token into "Headers" below, as
#    { "authorization": "Bearer <access token>" }
mutation SignUp {
  signUp(
    input: {
      email: "you@example.com"
      name: "You"
      password: "a long pass phrase"
    }
  ) {
    tokens {
      accessToken
    }
    userErrors {
      field
      message
    }
  }
}

# 3. Now you are somebody. Subscriptions use the same
#    header; they run over a WebSocket.
query Me {
  viewer {
    name
    email
  }
}
`;

const address = new URL(window.location.href);
address.search = "";
address.hash = "";
const socketAddress = new URL(address);
socketAddress.protocol = address.protocol === "https:" ? "wss:" : "ws:";

// One client for each set of headers: they travel in connection_init, once per socket.
let client = null;
let clientHeaders = "";

function socketClient(headers) {
  const wanted = JSON.stringify(headers || {});
  if (client === null || clientHeaders !== wanted) {
    if (client !== null) client.dispose();
    clientHeaders = wanted;
    client = graphqlWs.createClient({
      url: socketAddress.toString(),
      connectionParams: JSON.parse(wanted),
    });
  }
  return client;
}

function isSubscription(operation, options) {
  if (!options || !options.documentAST) return false;
  return options.documentAST.definitions.some(
    (part) =>
      part.kind === "OperationDefinition" &&
      part.operation === "subscription" &&
      (!operation.operationName || (part.name && part.name.value === operation.operationName)),
  );
}

async function post(operation, options) {
  const response = await fetch(address, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json",
      "content-type": "application/json",
      ...((options && options.headers) || {}),
    },
    body: JSON.stringify(operation),
  });
  return response.json();
}

function fetcher(operation, options) {
  if (isSubscription(operation, options)) {
    return socketClient(options.headers).iterate(operation);
  }
  return post(operation, options);
}

const page = ReactDOM.createRoot(document.getElementById("graphiql"));
page.render(
  React.createElement(GraphiQL, {
    fetcher,
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
    defaultQuery: FIRST_QUERY,
    defaultEditorToolsVisibility: "headers",
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
  }),
);
