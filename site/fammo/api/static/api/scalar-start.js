// Nothing of it may leave this server: no web fonts, no proxy, no assistant, no telemetry.
Scalar.createApiReference("#reference", {
  url: document.getElementById("reference").dataset.schema,
  withDefaultFonts: false,
  proxyUrl: "",
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
});
