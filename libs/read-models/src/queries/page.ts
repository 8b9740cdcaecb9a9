import { refuse } from '@voronka/kernel';

/** Which part of a list: at most 1,000 items, 100 by default, from an offset. */
export interface Page {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** @throws DomainError PAGE_INVALID */
export function pageOf(page: Page): { readonly limit: number; readonly offset: number } {
  const { limit = DEFAULT_LIMIT, offset = 0 } = page;
  const fits =
    Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT && Number.isSafeInteger(offset) && offset >= 0;
  if (!fits)
    throw refuse.invalid('PAGE_INVALID', `give a limit of 1 to ${MAX_LIMIT}, and an offset that is not negative`, {
      limit,
      offset,
    });
  return { limit, offset };
}
