// The button “Copy link”: `seviz.copyLink(now)` copies the address of what is shown, all of it named.
// now: the values of the fields that an address may leave out, so that a page that opens otherwise
// by then shows the same: {model, photo, arms, arm}.
{
  const OWN_PHOTO = "Your photograph is not in the link.";
  const OWN_IMAGES = "Your photographs are not in the link.";

  // What is shown, as a query that names all of it; nothing of it is a visitor's own.
  const named = (now) => {
    const query = new URLSearchParams();
    const from = new URLSearchParams(location.search);
    for (const key of SEVIZ_KEYS) if (from.get(key)) query.set(key, from.get(key));
    for (const [key, value] of Object.entries(now)) {
      const text = Array.isArray(value) ? value.join(",") : value;
      if (text) query.set(key, text); else query.delete(key);
    }
    for (const key of ["page", "tab"]) { // a hostile link may have named others
      const tab = query.get(key);
      if (tab && !document.querySelector(`[data-tab-id="${CSS.escape(tab)}"]`)) query.delete(key);
    }
    const { name, channel } = window.seviz.selected ?? {};
    if (name && !window.seviz.isOpen("gate")) query.set("gate", `${name}[${channel}]`);
    return query;
  };

  const note = (query) => {
    const images = document.querySelector("#data-images input:checked")?.value;
    if (images === "own") return OWN_IMAGES;
    return [query.get("photo"), query.get("photo2")].includes("own") ? OWN_PHOTO : "";
  };

  window.seviz.copyLink = async (now, host) => {
    const query = named(now);
    const place = host ? `https://${host}` : location.origin;
    const link = `${place}${location.pathname}?${window.seviz.readable(query)}`;
    const said = document.querySelector("#link-said"), field = document.querySelector("#link-field");
    let told = "Link copied.";
    try {
      await navigator.clipboard.writeText(link);
      field.hidden = true;
    } catch { // no https, or no permission
      told = "Your browser does not let the page copy: copy the link from the field.";
      field.hidden = false;
      field.value = link;
      field.focus();
      field.select();
    }
    said.textContent = ""; // so that the same words are told again
    setTimeout(() => { said.textContent = `${told} ${note(query)}`.trim(); }, 50);
    clearTimeout(window.seviz.linkTold);
    if (field.hidden) window.seviz.linkTold = setTimeout(() => { said.textContent = ""; }, 8000);
  };
}
