const MAX_NAME = 128

/** The words of a name in snake, camel, kebab or dotted case, in small letters, digits left out. */
export function nameSegments(name: string): readonly string[] {
  return name
    .slice(0, MAX_NAME)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((segment) => segment !== '')
}
