import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  type FactRefs,
  type Instant,
  refuse,
  saysTheSame,
  toPlain,
  unreachable,
} from '@voronka/kernel';
import { fieldFrom } from '../form/form.body.js';
import type { NotePortraitUse, PortraitCommand, PublishPortrait } from './portrait.commands.js';
import type { PortraitDocument } from './portrait.document.js';
import type { PortraitEvent } from './portrait.events.js';
import { portraitFaults } from './portrait.faults.js';
import { assertNotAsked, type RouteMapFact } from './portrait.uses.js';

/** A company has one portrait. */
export const PORTRAIT_ID = 'main';

export interface PortraitVersion {
  readonly version: number;
  readonly document: PortraitDocument;
  /** From when its rules say the segments: its publication, though never before that of the version before. */
  readonly from: Instant;
}

/** Ids of the route maps that were found to ask it, whether it was published by then or not. */
interface Asked {
  readonly askedBy: readonly string[];
}

export type PortraitState = Asked &
  (
    | { readonly status: 'none' }
    | {
        readonly status: 'published';
        /** In their order. */
        readonly versions: readonly PortraitVersion[];
        readonly latest: PortraitVersion;
      }
  );

export interface PortraitFacts {
  /** In the order of `askedBy`. */
  readonly routeMaps?: readonly (RouteMapFact | undefined)[];
}

type Context = DecisionContext<PortraitFacts>;

export const portraitDecider: Decider<PortraitState, PortraitCommand, PortraitEvent, PortraitFacts> = {
  initialState: () => ({ status: 'none', askedBy: [] }),
  evolve(state, event) {
    switch (event.type) {
      case 'PortraitPublished': {
        const before = versionsOf(state);
        const { occurredAt } = event.metadata;
        const earliest = before.at(-1)?.from ?? occurredAt;
        const latest = { ...event.data, from: occurredAt > earliest ? occurredAt : earliest };
        return { status: 'published', versions: [...before, latest], latest, askedBy: state.askedBy };
      }
      case 'PortraitUseNoted':
        return { ...state, askedBy: [...state.askedBy, event.data.routeMapId] };
      default:
        event satisfies never;
        return state;
    }
  },
  decide(command, state, context) {
    assertNotInFuture(context);
    if (context.id !== PORTRAIT_ID) {
      const advice = `a company has one portrait: publish it as ${PORTRAIT_ID}`;
      throw refuse.rule('PORTRAIT_ID', advice, { portraitId: context.id });
    }
    switch (command.type) {
      case 'PublishPortrait':
        return publish(command.body, state, context);
      case 'NotePortraitUse':
        return note(command.body, state);
      default:
        return unreachable(command);
    }
  },
};

/** The version in force; null where none was published: then a portrait may hold anything. */
export function portraitIn(state: PortraitState | undefined): PortraitVersion | null {
  return state === undefined || state.status === 'none' ? null : state.latest;
}

/** Every version, in order. */
export function versionsOf(state: PortraitState | undefined): readonly PortraitVersion[] {
  return state === undefined || state.status === 'none' ? [] : state.versions;
}

/** @throws DomainError `SEGMENT_UNKNOWN` for a segment that a portrait with segments does not list */
export function assertSegment(code: string, state: PortraitState | undefined): void {
  const segments = portraitIn(state)?.document.segments ?? [];
  if (segments.length === 0 || segments.some((segment) => segment.code === code)) return;
  const offered = segments.map((segment) => segment.code);
  throw refuse.rule('SEGMENT_UNKNOWN', 'name a segment that the portrait lists', { segment: code, offered });
}

/** What commands look up to know the portrait in force. */
export const portraitRef = (): FactRefs => ({ portrait: { category: 'portrait', id: PORTRAIT_ID } });

function publish(body: PublishPortrait, state: PortraitState, { facts }: Context): readonly PortraitEvent[] {
  const document = documentFrom(body);
  const faults = portraitFaults(
    document,
    versionsOf(state).map((version) => version.document),
  );
  if (faults.length > 0) {
    throw refuse.rule('PORTRAIT_FAULTY', 'correct the places that `faults` points at and publish again', { faults });
  }
  if (state.status === 'published' && saysTheSame(state.latest.document, document)) return [];
  assertNotAsked(document, state.askedBy, facts.routeMaps ?? []);
  const version = state.status === 'none' ? 1 : state.latest.version + 1;
  return [{ type: 'PortraitPublished', data: { version, document } }];
}

function note({ routeMapId }: NotePortraitUse, { askedBy }: PortraitState): readonly PortraitEvent[] {
  return askedBy.includes(routeMapId) ? [] : [{ type: 'PortraitUseNoted', data: { routeMapId } }];
}

function documentFrom({ fields, segments }: PublishPortrait): PortraitDocument {
  return toPlain({
    fields: fields.map(fieldFrom),
    segments: segments.map(({ code, name, rule }) => ({ code, name, rule: rule ?? undefined })),
  });
}
