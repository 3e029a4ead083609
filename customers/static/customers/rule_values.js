// From what stands in an input of a rule's builder to a value, and back.
function told(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function asGroup(rule) {
  if ("all" in rule) return ["all", rule.all];
  if ("any" in rule) return ["any", rule.any];
  return "any" in rule.not ? ["none", rule.not.any] : ["none", [rule.not]];
}

function readOption(box) {
  const text = box.value.trim();
  if (text === "") return undefined;
  if (box.dataset.input === "number") return Number(text);
  if (box.dataset.input === "names") return listed(text);
  if (box.dataset.input !== "pairs") return text;
  return Object.fromEntries(listed(text).map((pair) => {
    const [name, ...value] = pair.split("=");
    return [name.trim(), plain(value.join("=").trim())];
  }));
}

function listed(text) {
  return text.split(",").map((part) => part.trim()).filter(Boolean);
}

// What `plain` would take for a number or a truth, in quotes.
function quoted(value) {
  return typeof value === "string" && plain(value) !== value ? `"${value}"` : String(value ?? "");
}

// Numbers and truths as such, everything else as text; in quotes it is text.
function plain(text) {
  if (/^".*"$/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

// How many minor units one unit of a currency has.
function unit(currency) {
  try {
    const shown = new Intl.NumberFormat("en", { style: "currency", currency });
    return 10 ** shown.resolvedOptions().maximumFractionDigits;
  } catch {
    return 100;
  }
}

function make(tag, properties, children = []) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}
