// Which page of help a family has: `assets/help/families/<slug>.md`.

/** The name of a family as its page is called: small letters, digits and -. */
export function familySlug(family: string): string {
  return family
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
