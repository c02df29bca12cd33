"use strict";
const search = document.getElementById("search"), library = document.getElementById("library");
const steps = [...document.querySelectorAll("li.step")], said = document.getElementById("found");

function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const step of steps) step.hidden = true;
    for (const step of steps) {
        const text = step.dataset.text;
        if (!words.every(word => text.includes(word))) continue;
        if (!library.checked && step.dataset.library) continue;
        found += 1;
        for (let each = step; each; each = each.parentElement.closest("li.step")) {
            each.hidden = false;
            if (words.length && each !== step) each.querySelector("details").open = true;
        }
    }
    said.textContent = `${found} of ${steps.length} imports`;
}

function openAll(open) {
    for (const each of document.querySelectorAll("#imports details")) each.open = open;
}

search.addEventListener("input", filter);
library.addEventListener("change", filter);
document.getElementById("open").addEventListener("click", () => openAll(true));
document.getElementById("close").addEventListener("click", () => openAll(false));
document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { search.value = ""; filter(); }
});
addEventListener("beforeprint", () => openAll(true));
filter();
