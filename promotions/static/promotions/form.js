// Rows that are added and removed, and the sentence that follows what is typed.
document.addEventListener("DOMContentLoaded", () => {
  for (const rows of document.querySelectorAll("[data-rows]")) {
    const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
    const template = rows.querySelector("template");
    rows.addEventListener("click", (event) => {
      if (event.target.closest("[data-add]")) {
        const row = template.innerHTML.replaceAll("__prefix__", total.value);
        template.insertAdjacentHTML("beforebegin", row);
        total.value = Number(total.value) + 1;
      }
      const remove = event.target.closest("[data-remove]");
      if (remove) {
        const row = remove.closest("[data-row]");
        row.querySelector('[name$="-DELETE"]').checked = true;
        row.hidden = true;
        rows.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  }

  const panel = document.querySelector("[data-sentences]");
  const form = panel?.closest("form");
  if (!form) return;
  let waiting = null;
  let last = 0;
  const tell = async () => {
    const turn = ++last;
    const answer = await fetch(panel.dataset.url, { method: "POST", body: new FormData(form) });
    const sentences = answer.ok ? await answer.json() : {};
    if (turn !== last) return;
    panel.style.opacity = sentences.de ? 1 : 0.5;
    if (!sentences.de) return;
    panel.querySelector("[data-hint]").hidden = true;
    panel.querySelector("[data-both]").hidden = false;
    for (const place of panel.querySelectorAll("[data-language]")) {
      place.textContent = sentences[place.dataset.language];
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  if (window.django?.jQuery) window.django.jQuery(form).on("change", "select", soon);
});
