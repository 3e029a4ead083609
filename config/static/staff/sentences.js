// What a form says in plain words, or what is wrong with it.
function showSentences(beside, { sentences, problems = [] }) {
  const list = beside.querySelector("[data-problems]");
  list.replaceChildren(...problems.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  list.hidden = problems.length === 0;
  beside.querySelector("[data-both]").classList.toggle("stale", !sentences);
  if (!sentences) return;
  beside.querySelector("[data-hint]").hidden = true;
  beside.querySelector("[data-both]").hidden = false;
  for (const place of beside.querySelectorAll("[data-language]")) {
    place.textContent = sentences[place.dataset.language];
  }
}
