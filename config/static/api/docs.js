// The document is on the page already: nothing is fetched, and nothing leaves the shop.
const system = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";
const mono = "ui-monospace, 'SF Mono', 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace";

// Redoc fetches its maker's logo from elsewhere. An image that is none makes it leave the logo out.
const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
const ours = (address) => (/^https?:/.test(address) ? "data:," : address);
Object.defineProperty(HTMLImageElement.prototype, "src", {
  ...source,
  set(address) {
    source.set.call(this, ours(address));
  },
});
HTMLImageElement.prototype.setAttribute = function (name, value) {
  Element.prototype.setAttribute.call(this, name, name === "src" ? ours(value) : value);
};

Redoc.init(
  JSON.parse(document.getElementById("document").textContent),
  {
    expandResponses: "200,201,202",
    generatedSamplesMaxDepth: 5,
    hideDownloadButtons: true,
    hideDownloadButton: true,
    hideSchemaTitles: true,
    jsonSamplesExpandLevel: 4,
    requiredPropsFirst: true,
    sortRequiredPropsFirst: true,
    theme: {
      spacing: { sectionVertical: 24 },
      colors: { primary: { main: "#2f6b4f" } },
      typography: {
        fontSize: "15px",
        lineHeight: "1.6",
        fontFamily: system,
        headings: { fontFamily: system, fontWeight: "600" },
        code: { fontFamily: mono, fontSize: "13px", color: "#24573f", backgroundColor: "#eef4f0" },
      },
      sidebar: { width: "280px", backgroundColor: "#f7f8f6" },
      rightPanel: { backgroundColor: "#1f2b27", width: "42%" },
      codeBlock: { backgroundColor: "#16201c" },
    },
  },
  document.getElementById("docs"),
);
