"use strict";
const box = document.getElementById("q");
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!box || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  box.focus();
  box.select();
});
/* Enter asks; with Shift it begins a new line. */
box?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  box.form.requestSubmit();
});
/* What cannot be sent stays in its box. Elsewhere the browser itself brings it back. */
for (const form of document.querySelectorAll("[data-offline]")) {
  const told = Object.assign(document.createElement("p"), { className: "hint text", role: "alert" });
  form.addEventListener("submit", (event) => {
    told.remove();
    if (navigator.onLine) return;
    event.preventDefault();
    told.textContent = form.dataset.offline;
    form.append(told);
  });
}
/* A link to a sentence that the document no longer has says so. */
const lost = document.querySelector("[data-lost]");
const look = () => {
  const id = location.hash.slice(1);
  if (lost) lost.hidden = !/^s-/.test(id) || Boolean(document.getElementById(id));
  if (lost && !lost.hidden) lost.querySelector("a").href = `${location.pathname}/words/${encodeURIComponent(id)}`;
};
addEventListener("hashchange", look);
look();
/* On paper: when and where it was printed. */
addEventListener("beforeprint", () => {
  const printed = document.querySelector("[data-printed]");
  const today = new Date().toLocaleDateString([], { dateStyle: "long" });
  if (printed) printed.textContent = printed.dataset.printed.replace("*", today).replace("+", location.href);
});
/* Copies the elements marked with data-take, in the order of its value: the quotation, its place, the works it cites
   (their entries in the list of works), every note on it, its link. The quotation is copied without markup, the rest
   without line breaks. */
const words = (part) =>
  part.href ?? (part.tagName === "BLOCKQUOTE" ? `“${quoted(part)}”` : part.textContent.replace(/\s+/g, " ").trim());
const quoted = (part) => {
  const copy = part.cloneNode(true);
  for (const one of copy.querySelectorAll("[hidden]:not(td *)")) one.remove();
  for (const one of copy.querySelectorAll("[data-shown]")) one.append(one.dataset.shown);
  for (const one of copy.querySelectorAll("th")) one.append(one.nextSibling ? " | " : "\n");
  return copy.textContent;
};
const { copied } = document.currentScript.dataset;
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const from = button.closest("article, [id]");
    const taken = [...from.querySelectorAll("[data-take]")].map((one) => [one.dataset.take, one]);
    const cited = [...from.querySelectorAll("[data-works]")].flatMap((one) => one.dataset.works.trim().split(" "));
    for (const id of new Set(cited.filter(Boolean))) {
      taken.push([2, document.getElementById(id).querySelector("[data-entry]")]);
    }
    taken.sort((a, b) => a[0] - b[0]);
    await navigator.clipboard.writeText(taken.map(([, one]) => words(one)).join("\n\n"));
    button.nextElementSibling.textContent = copied;
  });
}
/* One choice and one button instead of the links to formats: what the link leads to is copied. */
for (const formats of document.querySelectorAll("[data-formats]")) {
  const button = formats.querySelector("button");
  const choice = document.createElement("select");
  choice.ariaLabel = formats.dataset.formats;
  for (const link of formats.querySelectorAll("a")) choice.add(new Option(link.textContent, link.href));
  if (!navigator.clipboard) continue;
  button.before(choice);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = fetch(choice.value).then((sent) => sent.blob()).then((sent) => sent.slice(0, sent.size, "text/plain"));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
    button.nextElementSibling.textContent = copied;
  });
}
/* What a reader says of an answer is sent without leaving it. */
const form = document.querySelector("[data-thanks]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { submitter } = event;
  const body = new URLSearchParams(new FormData(form, submitter));
  const sent = await fetch(form.action, { method: "POST", body }).catch(() => ({ ok: false }));
  for (const button of form.querySelectorAll("button")) button.disabled = sent.ok;
  form.querySelector("[role=status]").textContent = sent.ok ? form.dataset.thanks : form.dataset.failed;
});
