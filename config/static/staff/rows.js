// Rows of a form that are added and removed.
document.addEventListener("DOMContentLoaded", () => {
  for (const rows of document.querySelectorAll("[data-rows]")) serveRows(rows);
});

function serveRows(rows) {
  const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
  const template = rows.querySelector("template");
  const changed = () => rows.dispatchEvent(new Event("input", { bubbles: true }));
  rows.addEventListener("click", (event) => {
    if (event.target.closest("[data-add]")) {
      template.insertAdjacentHTML("beforebegin", template.innerHTML.replaceAll("__prefix__", total.value));
      total.value = Number(total.value) + 1;
      template.previousElementSibling.querySelector("input, select, textarea")?.focus();
      changed();
    }
    const row = event.target.closest("[data-remove]")?.closest("[data-row]");
    if (row) {
      row.querySelector('[name$="-DELETE"]').checked = true;
      row.hidden = true;
      rows.querySelector("[data-add]").focus();
      changed();
    }
  });
}
