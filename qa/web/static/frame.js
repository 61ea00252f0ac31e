"use strict";
/* In a frame of another site: tells that site how high this page is, once it asks and only if its origin is listed. */
const hosts = document.currentScript.dataset.hosts.split(" ");
const listed = (origin) =>
  hosts.some((host) => {
    const [before, after] = host.split("*");
    return after ? origin.startsWith(before) && origin.endsWith(after) && /^[\w.-]+$/.test(origin.slice(before.length, -after.length)) : origin === host;
  });
let asker = null;
const tell = () => asker && parent.postMessage({ chapterAndVerse: { height: Math.ceil(document.body.getBoundingClientRect().height) } }, asker);
addEventListener("message", ({ source, origin, data }) => {
  if (source !== parent || data?.chapterAndVerse !== "height" || !listed(origin)) return;
  asker = origin;
  tell();
});
new ResizeObserver(tell).observe(document.body);
/* Other pages open in a new tab, because they refuse to be framed; questions and places in this page do not. */
for (const link of document.links) if (link.pathname === location.pathname && link.origin === location.origin) link.target = "_self";
