import type { AppendRequest } from './append-request.js';

/** What the check needs to know of the log, as it stands inside the write transaction. */
export interface StreamView {
  /** Revision of the stream's last event; -1 for none. */
  readonly current: number;
  /** Id of the stream's event at a revision. */
  idAt(revision: number): string | undefined;
  /** Where an event with this id was appended last. */
  placeOf(id: string): { readonly stream: string; readonly revision: number } | undefined;
}

export type Verdict =
  | { readonly kind: 'append' }
  /** All of it is there already; `revision` is that of its last event. */
  | { readonly kind: 'repeat'; readonly revision: number }
  | { readonly kind: 'wrong' };

const APPEND: Verdict = { kind: 'append' };
const WRONG: Verdict = { kind: 'wrong' };

/**
 * Decides on an append as EventStoreDB does: the expected revision first, then whether it is a repetition.
 * At the current revision no ids are looked at, so the store's own idempotency holds only for repeats.
 */
export function checkCommit(request: AppendRequest, view: StreamView): Verdict {
  const { expected } = request;
  switch (expected.kind) {
    case 'any':
      return checkLoosely(request, view);
    case 'streamExists':
      return view.current < 0 ? WRONG : checkLoosely(request, view);
    case 'noStream':
      return checkExactly(request, -1n, view);
    case 'revision':
      return checkExactly(request, expected.revision, view);
    default:
      return expected satisfies never;
  }
}

/** ANY and STREAM_EXISTS: known ids of this very stream make it a repetition. */
function checkLoosely({ stream, events }: AppendRequest, view: StreamView): Verdict {
  let last: number | null = null;
  for (const [index, event] of events.entries()) {
    const place = view.placeOf(event.id);
    if (place === undefined || place.stream !== stream) return index === 0 ? APPEND : WRONG;
    last = place.revision;
  }
  return last === null ? APPEND : { kind: 'repeat', revision: last };
}

/** A stated revision: behind it must stand exactly these events, or nothing. */
function checkExactly({ events }: AppendRequest, expected: bigint, view: StreamView): Verdict {
  if (expected > BigInt(view.current)) return WRONG;
  const revision = Number(expected);
  if (revision === view.current) return APPEND;
  if (events.length === 0) return WRONG;
  const same = events.every((event, index) => view.idAt(revision + 1 + index) === event.id);
  return same ? { kind: 'repeat', revision: revision + events.length } : WRONG;
}
