import { refuse } from '@voronka/kernel';
import type { FigureParams } from './params.js';

const ONLY_WHEN_OPENING = ['value', 'bucket', 'part', 'step', 'limit', 'offset'] as const;

/** Parameters that open a number mean nothing where the figure itself is asked for. @throws DomainError */
export function assertNoDrill(params: FigureParams): void {
  const stray = ONLY_WHEN_OPENING.filter((name) => params[name] !== undefined);
  if (stray.length === 0) return;
  throw refuse.invalid('PARAMETERS_INVALID', 'leave these parameters away, or open a number by …/drill', {
    errors: stray.map((name) => ({ pointer: `/${name}`, code: 'UNKNOWN_FIELD', detail: 'only …/drill knows it' })),
  });
}

/** @throws DomainError when no step is named */
export function stepOf({ step }: FigureParams): string {
  if (step !== undefined) return step;
  throw missing('step', 'name the step whose number is opened');
}

/** Which part of a figure is opened. @throws DomainError unless it is one of them */
export function partOf<Part extends string>({ part }: FigureParams, parts: readonly Part[]): Part {
  const found = parts.find((one) => one === part);
  if (found !== undefined) return found;
  throw missing('part', `name the part that is opened: ${parts.join(', ')}`);
}

function missing(name: string, detail: string) {
  return refuse.invalid('PARAMETERS_INVALID', detail, { errors: [{ pointer: `/${name}`, code: 'REQUIRED', detail }] });
}
