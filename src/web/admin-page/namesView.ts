/** The names of the domain: found by how they begin, what is in them, or whose they are. */
import type { ListOptions, NameAnswer, Page } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { behind, hashOf, type Place, type Search, SEARCHES } from "./place.js";
import { readPart, stateBox } from "./readPart.js";
import type { Scene } from "./scene.js";
import { stateChips } from "./stateChips.js";
import { type Column, table } from "./table.js";
import { chips, foreign, link, pages, shortAddress, shownName } from "./values.js";

type NamesPlace = Extract<Place, { view: "names" }>;

type NamesPage = Page<NameAnswer, string>;

const NAMES_A_PAGE = 50;

const SEARCH_LABELS: Readonly<Record<Search["by"], string>> = {
  prefix: "that begin with",
  contains: "that contain",
  address: "of the wallet",
};

export function namesView(scene: Scene<NamesPlace>): readonly HTMLElement[] {
  const { place, client, signedIn, signal, announce } = scene;
  const { search, after } = place;
  const read = async () => {
    const options = { ...narrowed(search), ...behind(after), pageSize: NAMES_A_PAGE, signal };
    const page = await client.names.list(options).page();
    announce(amountOf(place, page));
    return [
      page.items.length === 0 ? nothingIn(scene, page) : namesTable(place, page),
      ...ways(place, page),
    ];
  };
  return [searchForm(place), readPart(scene, `names of ${signedIn.domain}`, read)];
}

function narrowed(search: Search | null): Pick<ListOptions, Search["by"]> {
  return search === null ? {} : { [search.by]: search.text };
}

const COLUMNS: readonly Column<NameAnswer>[] = [
  {
    heading: "Name",
    cell: ({ name }) => link(hashOf({ view: "name", name, after: 0 }), shownName(name)),
  },
  {
    heading: "Owner",
    cell: ({ owner }) =>
      owner === null
        ? element("span", { class: "detail" }, "no wallet")
        : element("code", { title: owner }, shortAddress(owner)),
  },
  { heading: "State", cell: (name) => chips(...stateChips(name)) },
];

function namesTable(place: NamesPlace, page: NamesPage): HTMLElement {
  return table(amountOf(place, page), COLUMNS, page.items);
}

/** How many, as far as the service tells: it counts no list, so the end is known when it is reached. */
function amountOf({ after }: Pick<NamesPlace, "after">, { items, next }: NamesPage): string {
  const count = items.length === 1 ? "1 name" : `${items.length} names`;
  const more = next === null ? "" : ", and there are more";
  if (after === "") return next === null ? `${count} in all` : `The first ${count}${more}`;
  return next === null ? `The last ${count}` : `${count} further on${more}`;
}

function ways(place: NamesPlace, { items, next }: NamesPage): readonly HTMLElement[] {
  const first = place.after === "" ? null : hashOf({ ...place, after: "" });
  const further = next === null ? null : hashOf({ ...place, after: next });
  return pages(first, further, items.length === 0 ? "Look further" : "Next page");
}

function nothingIn({ place, signedIn }: Scene<NamesPlace>, { next }: NamesPage): HTMLElement {
  const { search, after } = place;
  if (next !== null) {
    const sentence = "None among those that were looked at until now. There are more to look at.";
    return stateBox("empty", "No name yet", element("p", {}, sentence));
  }
  if (after !== "") return stateBox("empty", "No further name");
  if (search === null) {
    return stateBox(
      "empty",
      "No names yet",
      element(
        "p",
        {},
        "A service publishes them with its API key. Wallets claim them where the domain’s policy lets them.",
      ),
    );
  }
  return stateBox(
    "empty",
    "No such name",
    element(
      "p",
      {},
      `${signedIn.domain} has no names ${SEARCH_LABELS[search.by]} `,
      foreign(search.text),
      ".",
    ),
    ...(search.by === "address" ? [] : [deletedHint(search.text, signedIn.domain)]),
  );
}

/** A name that is gone is in no list, but its history stays. */
function deletedHint(text: string, domain: string): HTMLElement {
  const name = text === domain || text.endsWith(`.${domain}`) ? text : `${text}.${domain}`;
  const open = link(hashOf({ view: "name", name, after: 0 }), foreign(name));
  return element("p", {}, "One that was deleted keeps its history: open ", open, ".");
}

function searchForm({ search }: NamesPlace): HTMLElement {
  const by = element("select", { id: "search-by", "aria-label": "Names" });
  for (const kind of SEARCHES) {
    const option = element("option", { value: kind }, SEARCH_LABELS[kind]);
    option.selected = kind === search?.by;
    by.append(option);
  }
  const text = element("input", {
    ...{ id: "search-text", type: "text", "aria-label": "Text", maxlength: "1000" },
    ...{ autocapitalize: "none", spellcheck: "false", enterkeyhint: "search" },
  });
  text.value = search?.text ?? "";
  const parts: Child[] = [
    element("label", { for: "search-by" }, "Names"),
    by,
    text,
    element("button", { type: "submit", class: "primary" }, "Search"),
  ];
  if (search !== null) parts.push(element("a", { href: "#/names", class: "button" }, "Show all"));
  const form = element("form", { class: "search", role: "search", autocomplete: "off" }, ...parts);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = hashOf({ view: "names", search: wanted(by.value, text.value), after: "" });
  });
  return form;
}

/** Names in normal form are in lower case; so are the digits of an address, for the URL. */
function wanted(by: string, text: string): Search | null {
  const kind = SEARCHES.find((one) => one === by);
  const trimmed = text.trim().toLowerCase();
  return kind === undefined || trimmed === "" ? null : { by: kind, text: trimmed };
}
