import { explainManual, type Language, type ManualTold } from '@voronka/pay/calculation';
import type { ManualLine } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

/** An adjustment by hand in words and numbers. */
export interface ExplainedManual extends ManualTold {
  readonly text: readonly string[];
}

interface TurnRow {
  readonly proposal: string;
  readonly status: 'proposed' | 'approved';
  readonly data: { readonly proposedBy: string; readonly reason: string };
  readonly person: string | null;
  readonly at: Date;
  readonly eventId: string;
}

/** Who asked for what a statement carries by hand, why, and who agreed: as its two events tell it. In the statement's order. */
export async function explainManuals(
  context: QueryContext,
  manual: readonly ManualLine[],
  lang: Language,
): Promise<readonly ExplainedManual[]> {
  if (manual.length === 0) return [];
  const statement = new Statement(context);
  const ids = manual.map(({ adjustmentId }) => adjustmentId);
  const rows = await statement.rows<TurnRow>(`SELECT p.proposal, p.status, p.data, p.person, p.recorded_at AS at,
      p.event_id::text AS "eventId"
    FROM pay_proposals p
    WHERE p.kind = 'manual' AND p.status IN ('proposed', 'approved')
      AND p.proposal = ANY(${statement.bind(ids, 'text[]')})
      AND p.known_from <= ${statement.bind(String(context.k), 'bigint')}`);
  return manual.flatMap((line) => {
    const turn = (status: TurnRow['status']): TurnRow | undefined =>
      rows.find((row) => row.proposal === line.adjustmentId && row.status === status);
    const [proposed, approved] = [turn('proposed'), turn('approved')];
    return proposed === undefined || approved === undefined ? [] : [toldOf(line, { proposed, approved }, lang)];
  });
}

function toldOf(
  { adjustmentId, amountKopecks, settles }: ManualLine,
  { proposed, approved }: { readonly proposed: TurnRow; readonly approved: TurnRow },
  lang: Language,
): ExplainedManual {
  const told: ManualTold = {
    ...{ adjustmentId, amountKopecks, settles, reason: proposed.data.reason, proposedBy: proposed.data.proposedBy },
    proposedAt: proposed.at.toISOString(),
    proposedEventId: proposed.eventId,
    approvedBy: approved.person,
    approvedAt: approved.at.toISOString(),
    eventId: approved.eventId,
  };
  return { ...told, text: explainManual(told, lang) };
}
