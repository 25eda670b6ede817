// The search of the site: all words, prefixes and small slips, over the headings and the text under them.
const index = new MiniSearch({
    fields: ["heading", "page", "text"],
    storeFields: ["page", "heading"],
    searchOptions: { boost: { heading: 3, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
});
index.addAll(pages);
const field = document.getElementById("search"), found = document.getElementById("found");
field.addEventListener("input", () => {
    found.replaceChildren(...index.search(field.value).slice(0, 12).map(hit => {
        const [item, link] = [document.createElement("li"), document.createElement("a")];
        link.href = up + hit.id;
        link.textContent = hit.page === hit.heading ? hit.page : hit.page + ": " + hit.heading;
        item.append(link);
        return item;
    }));
});
document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
});
