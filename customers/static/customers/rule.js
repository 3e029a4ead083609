// The rule of a segment, built without writing it: groups in groups, conditions, and a live count.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-rule]");
  if (place) new Builder(place).begin();
});

class Builder {
  constructor(place) {
    this.place = place;
    this.kept = place.querySelector("textarea");
    this.fields = new Map(told("rule-fields").map((field) => [field.name, field]));
    this.words = told("rule-words");
    this.locked = this.kept.disabled;
  }

  begin() {
    const rule = this.kept.value ? JSON.parse(this.kept.value) : { all: [] };
    this.root = this.group("field" in rule ? { all: [rule] } : rule, 1);
    this.place.querySelector("[data-tree]").append(this.root);
    this.kept.hidden = true;
    for (const kind of ["input", "change"]) this.place.addEventListener(kind, () => this.changed());
    this.changed();
  }

  changed() {
    const rule = this.read(this.root, "/rule");
    if (!this.locked) this.kept.value = JSON.stringify(rule);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.count(), 400);
  }

  async count() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const line = this.place.querySelector("[data-count]");
    const sent = new FormData();
    for (const name of ["csrfmiddlewaretoken", "segment_id"]) {
      sent.append(name, document.querySelector(`[name="${name}"]`)?.value ?? "");
    }
    sent.append("rule", this.kept.value);
    line.classList.add("stale");
    let answer = { text: this.words.failed };
    try {
      const got = await fetch(this.place.dataset.url, { method: "POST", body: sent });
      if (got.ok) answer = await got.json();
    } catch {
      // Said in the line; the next change asks again.
    }
    if (turn !== this.turn) return;
    line.classList.remove("stale");
    line.textContent = answer.text;
    this.place.querySelector("[data-sentence]").textContent = answer.sentence ?? "";
    for (const note of this.place.querySelectorAll(".rule-wrong")) note.remove();
    for (const problem of answer.problems ?? []) this.note(problem);
  }

  // A problem stands at the innermost part that its pointer leads into.
  note({ pointer, detail }) {
    const parts = [this.root, ...this.root.querySelectorAll("[data-pointer]")];
    const into = parts.filter((part) => `${pointer}/`.startsWith(`${part.dataset.pointer}/`));
    into.sort((a, b) => b.dataset.pointer.length - a.dataset.pointer.length);
    (into[0] ?? this.root).append(make("p", { className: "rule-wrong", textContent: detail }));
  }

  group(rule, depth) {
    const [how, parts] = asGroup(rule);
    const node = make("fieldset", { className: "rule-group" });
    node.dataset.group = "";
    const choice = this.select(this.words.groups, how, this.words.group);
    const head = make("div", { className: "rule-head" }, [choice]);
    const list = make("div", { className: "rule-parts" });
    for (const part of parts) list.append(this.part(part, depth + 1));
    node.append(head, list);
    if (this.locked) return node;
    if (depth > 1) head.append(this.removal(node));
    const foot = make("div", { className: "rule-foot" });
    const first = { field: [...this.fields.keys()][0] };
    foot.append(this.button(`+ ${this.words.condition}`, () => this.added(list, this.leaf(first))));
    if (depth < this.words.depth) {
      const inner = () => this.added(list, this.group({ any: [first] }, depth + 1));
      foot.append(this.button(`+ ${this.words.group}`, inner));
    }
    node.append(foot);
    return node;
  }

  part(rule, depth) {
    return "field" in rule ? this.leaf(rule) : this.group(rule, depth);
  }

  leaf(rule) {
    const node = make("div", { className: "rule-leaf" });
    node.dataset.leaf = "";
    const isAttribute = rule.field.startsWith("customer.attributes.");
    const name = isAttribute ? "customer.attributes." : rule.field;
    const fields = [...this.fields.values()].map((field) => [field.name, field.label]);
    const choice = this.select(fields, name, this.words.field);
    const rest = make("div", { className: "rule-rest" });
    const fill = (given) => {
      rest.replaceChildren(...this.rest(this.fields.get(choice.value), given));
    };
    choice.addEventListener("change", () => fill({}));
    fill({ ...rule, attribute: isAttribute ? rule.field.slice(name.length) : "" });
    node.append(choice, rest);
    if (!this.locked) node.append(this.removal(node));
    return node;
  }

  rest(field, given) {
    const nodes = [];
    if (field.kind === "attribute") {
      nodes.push(this.input("attribute", "text", given.attribute, this.words.attribute));
    }
    const op = this.select(field.ops, given.op ?? field.ops[0][0], this.words.comparison);
    op.dataset.part = "op";
    const value = make("span", { className: "rule-value" });
    const fill = (known) => value.replaceChildren(...this.value(field, op.value, known, given.currency));
    op.addEventListener("change", () => fill(undefined));
    fill(given.value);
    nodes.push(op, value, ...this.options(field, given));
    return nodes;
  }

  // What is seldom asked waits behind one word, unless it is there.
  options(field, given) {
    const often = (option) => option.is_required || option.name === "within_days";
    const shown = field.options.filter(often).map((option) => this.option(option, given));
    const more = field.options.filter((option) => !often(option));
    if (!more.length) return shown;
    const isGiven = more.some(({ name }) => given[name.split(".")[0]] !== undefined);
    const box = make("details", { className: "rule-more", open: isGiven }, [
      make("summary", { textContent: this.words.more }),
      make("div", { className: "rule-rest" }, more.map((option) => this.option(option, given))),
    ]);
    return [...shown, box];
  }

  value(field, op, known, currency) {
    if (op === "is_set" || field.kind === "truth") {
      return [this.labelled(this.select(this.words.yes_no, String(known ?? true)), "truth")];
    }
    if (field.choices.length && op === "in") {
      const box = make("select", { multiple: true, size: Math.max(2, Math.min(field.choices.length, 7)) });
      for (const [value, label] of field.choices) {
        box.append(new Option(label, value, false, (known ?? []).includes(value)));
      }
      box.disabled = this.locked;
      return [this.labelled(box, "choices", this.words.value)];
    }
    if (field.choices.length) {
      return [this.labelled(this.select(field.choices, known), "text", this.words.value)];
    }
    if (op === "between") {
      const [low, high] = known ?? ["", ""];
      const ends = [low, high].map((end) => this.number("number", field, end, currency));
      return [ends[0], make("span", { textContent: this.words.and }), ends[1]];
    }
    if (op === "in" || op === "not_in") {
      const shown = field.kind === "attribute" ? (known ?? []).map(quoted) : (known ?? []);
      return [this.input("list", "text", shown.join(", "), this.words.list)];
    }
    const isNumber = ["number", "day", "share"].includes(field.kind);
    if (isNumber || (field.kind === "attribute" && /^[lg]te?$/.test(op))) {
      return [this.number("number", field, known, currency)];
    }
    if (field.kind === "attribute") return [this.input("any", "text", quoted(known), this.words.value)];
    return [this.input("text", "text", known, this.words.value)];
  }

  number(part, field, known, currency) {
    const shown = field.is_money && known !== undefined && known !== "" ? known / unit(currency) : known;
    const box = this.input(part, "number", shown, this.words.value);
    box.step = "any";
    return box;
  }

  option(option, given) {
    const [name, inner] = option.name.split(".");
    const known = inner ? given[name]?.[inner] : given[name];
    let box;
    if (option.choices.length) {
      box = this.select(option.choices, known);
    } else if (option.input === "pairs") {
      const pairs = Object.entries(known ?? {}).map(([key, value]) => `${key}=${quoted(value)}`);
      box = this.input("", "text", pairs.join(", "));
    } else {
      box = this.input("", option.input === "number" ? "number" : "text",
        Array.isArray(known) ? known.join(", ") : known);
    }
    box.dataset.option = option.name;
    box.dataset.input = option.input;
    return make("label", { className: "rule-option" }, [
      make("span", { textContent: option.label }), box,
    ]);
  }

  // From the page back to the rule; each part notes where in it it stands.
  read(node, pointer) {
    node.dataset.pointer = pointer;
    if ("leaf" in node.dataset) return this.readLeaf(node);
    const how = node.querySelector(":scope > .rule-head select").value;
    const parts = [...node.querySelector(":scope > .rule-parts").children];
    if (how !== "none") return { [how]: parts.map((part, at) => this.read(part, `${pointer}/${how}/${at}`)) };
    if (parts.length === 1) return { not: this.read(parts[0], `${pointer}/not`) };
    return { not: { any: parts.map((part, at) => this.read(part, `${pointer}/not/any/${at}`)) } };
  }

  readLeaf(node) {
    const field = this.fields.get(node.querySelector("select").value);
    const part = (name) => [...node.querySelectorAll(`[data-part="${name}"]`)];
    const leaf = { field: field.name + (part("attribute")[0]?.value.trim() ?? ""), op: part("op")[0].value };
    for (const box of node.querySelectorAll("[data-option]")) {
      const value = readOption(box);
      if (value === undefined) continue;
      const [name, inner] = box.dataset.option.split(".");
      if (inner) (leaf[name] ??= {})[inner] = value;
      else leaf[name] = value;
    }
    const factor = field.is_money ? unit(leaf.currency) : 1;
    const numbers = part("number").filter((box) => box.value !== "");
    const counted = numbers.map((box) => (field.is_money ? Math.round(box.value * factor) : Number(box.value)));
    if (counted.length) leaf.value = leaf.op === "between" ? counted : counted[0];
    for (const box of part("list")) leaf.value = listed(box.value).map((one) => (field.kind === "attribute" ? plain(one) : one));
    for (const box of part("choices")) leaf.value = [...box.selectedOptions].map((one) => one.value);
    for (const box of part("truth")) leaf.value = box.value === "true";
    for (const box of part("text")) leaf.value = box.value;
    for (const box of part("any")) leaf.value = plain(box.value);
    return leaf;
  }

  added(list, node) {
    list.append(node);
    node.querySelector("select")?.focus();
    this.changed();
  }

  removal(node) {
    const button = this.button("✕", () => {
      node.remove();
      this.changed();
    });
    button.className = "rule-remove";
    button.title = this.words.remove;
    button.setAttribute("aria-label", this.words.remove);
    return button;
  }

  button(text, act) {
    const button = make("button", { type: "button", textContent: text, className: "rule-add" });
    button.addEventListener("click", act);
    return button;
  }

  select(choices, chosen, label) {
    const box = make("select", { disabled: this.locked });
    for (const [value, text] of choices) box.append(new Option(text, value, false, value === chosen));
    if (label) box.setAttribute("aria-label", label);
    return box;
  }

  input(part, type, value, label) {
    return this.labelled(make("input", { type, value: value ?? "", disabled: this.locked }), part, label);
  }

  labelled(box, part, label) {
    if (part) box.dataset.part = part;
    if (label) {
      box.setAttribute("aria-label", label);
      if ("placeholder" in box) box.placeholder = label;
    }
    return box;
  }
}
