import { Transform } from 'class-transformer';

type Decorate = (target: object, name: string | symbol) => void;

/** Digits become a number; anything else stays text for the validator to refuse. */
export const WholeNumber = (): Decorate =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** A parameter that may be given several times becomes a list. */
export const Several = (): Decorate =>
  Transform(({ value }: { value: unknown }) => (value === undefined || Array.isArray(value) ? value : [value]));
