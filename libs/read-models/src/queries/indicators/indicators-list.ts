import type { LocalDate } from '@voronka/kernel';
import type { IndicatorDocument } from '@voronka/pay/events';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import { type Page, pageOf } from '../page.js';
import { Statement } from '../sql.js';

export interface IndicatorItem {
  readonly code: string;
  readonly name: { readonly ru: string; readonly en: string };
  readonly measure: string;
  readonly unit: string;
  readonly retired: boolean;
  /** Oldest first. */
  readonly versions: readonly {
    readonly version: number;
    readonly effectiveFrom: LocalDate | null;
    readonly definition: IndicatorDocument;
  }[];
}

export interface IndicatorsListAnswer extends Answer<object> {
  readonly count: number;
  readonly items: readonly IndicatorItem[];
}

/** Indicators by code, with every version of their definitions. @throws DomainError PAGE_INVALID */
export async function indicatorsList(context: QueryContext, page: Page = {}): Promise<IndicatorsListAnswer> {
  const { limit, offset } = pageOf(page);
  const statement = new Statement(context);
  const known = statement.known('i');
  const [counted] = await statement.rows<{ n: number }>(`SELECT count(*)::int AS n FROM indicators i WHERE ${known}`);
  const items = await statement.rows<IndicatorItem>(`SELECT i.code, json_build_object('ru', i.name_ru, 'en', i.name_en)
      AS name, i.measure, i.unit, i.retired, v.versions
    FROM indicators i CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object('version', d.version, 'effectiveFrom', d.effective_from,
        'definition', d.definition) ORDER BY d.version) AS versions
      FROM indicator_versions d WHERE d.code = i.code AND ${statement.known('d')}) v
    WHERE ${known} ORDER BY i.code LIMIT ${limit} OFFSET ${offset}`);
  return { ...answerHead(context, {}, true), count: counted?.n ?? 0, items };
}
