// The heads of narrow lists begin with a capital, and no other word of them does: German has its own.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    for (const cell of document.querySelectorAll("[data-label]")) {
        const label = cell.dataset.label;
        cell.dataset.label = label.charAt(0).toUpperCase() + label.slice(1);
    }
});
