/** As `RegExp.escape`, which Node 20 has not. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

interface Route {
  readonly pattern: RegExp;
  readonly method: string;
}

/** Which methods a path takes: the router only says whether it found one. */
export class KnownRoutes {
  private readonly routes: Route[] = [];

  /** @param url as it is registered, with `:id` for a part that varies */
  add(url: string, methods: string | readonly string[]): void {
    // A wildcard takes files, whatever their names: whether there is one the router cannot know.
    if (url.includes('*')) return;
    const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part)));
    const pattern = new RegExp(`^${parts.join('/')}$`);
    for (const method of [methods].flat()) this.routes.push({ pattern, method });
  }

  /** The methods of a path without its query; none for one that there is not. */
  methodsOf(path: string): readonly string[] {
    return [...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }
}
