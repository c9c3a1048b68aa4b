"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const { rows, verdicts, shown, first } = JSON.parse(find("data").textContent);
  const [search, verdict, body, status, more] = ["search", "verdict", "body", "status", "more"].map(find);
  const headers = [...document.querySelectorAll("#results th")];
  const names = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const [AT, KEY, BUCKET, VERDICT, APPLIED, TEXT, WHY, DETAIL, SIZE, SIZE_TEXT, SECONDS, TOOK] = Array(12).keys();
  const texts = rows.map((row) =>
    [AT, KEY, BUCKET, TEXT, WHY, DETAIL].map((place) => row[place]).join("\n").toLowerCase());
  // Places in `rows`: what a search finds, in the order that is wanted.
  let order = rows.map((_, place) => place);
  let found = order;
  let limit = first;

  const isNothing = (value) => value === null || value === "";
  const compared = (one, other) =>
    typeof one === "number" ? one - other : names.compare(one, other);

  function sort(by, direction) {
    order.sort((one, other) => {
      const [a, b] = [rows[one][by], rows[other][by]];
      // What has nothing in this column comes last, whatever the direction.
      if (isNothing(a) || isNothing(b)) return isNothing(a) - isNothing(b) || one - other;
      return direction * compared(a, b) || one - other;
    });
  }

  function line(row) {
    const made = find("row").content.cloneNode(true);
    const put = (selector, text) => { made.querySelector(selector).textContent = text; };
    put(".at span", row[AT]);
    put(".key", row[KEY]);
    put(".object .detail", row[BUCKET]);
    put(".badge", verdicts[row[VERDICT]][1]);
    put(".watermark bdi", row[TEXT]);
    put(".code", row[WHY]);
    put(".why .detail", row[DETAIL]);
    put(".size span", row[SIZE_TEXT]);
    put(".took span", row[TOOK]);
    const name = verdicts[row[VERDICT]][0];
    made.querySelector(".badge").dataset.verdict = name;
    made.querySelector(".missing").hidden = row[APPLIED] || name === "skipped";
    return made;
  }

  function show() {
    body.replaceChildren(...found.slice(0, limit).map((place) => line(rows[place])));
    const counts = { shown: Math.min(limit, found.length), found: found.length };
    status.textContent = shown.replace(/\{(\w+)\}/g, (_, name) => counts[name].toLocaleString("en"));
    more.hidden = found.length <= limit;
  }

  function choose() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = order.filter((place) =>
      (verdict.value === "" || rows[place][VERDICT] === Number(verdict.value)) &&
      words.every((word) => texts[place].includes(word)));
    limit = first;
    show();
  }

  function sortBy(header) {
    const descending = header.getAttribute("aria-sort") === "ascending";
    headers.forEach((one) => one.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    sort(Number(header.dataset.by), descending ? -1 : 1);
    choose();
  }

  headers.forEach((header) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    button.addEventListener("click", () => sortBy(header));
    header.replaceChildren(button);
  });
  search.addEventListener("input", choose);
  verdict.addEventListener("change", choose);
  more.addEventListener("click", () => { limit += 10 * first; show(); });
  find("controls").hidden = false;
  find("without").hidden = true;
  show();
})();
