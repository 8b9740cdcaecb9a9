import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Several, WholeNumber } from './convert.js';

// What means the same in several queries is taken alike by all of them: one decorator, one limit.

/** Values of a slice that are let through; an empty one means "nobody" or "none". */
export const Values = () =>
  applyDecorators(
    IsOptional(),
    Several(),
    IsArray(),
    ArrayMaxSize(200),
    IsString({ each: true }),
    MaxLength(200, { each: true }),
  );

/** Answers of the customer's portrait: `industry=retail`; several of one field are alternatives, `industry=` is none. */
export const PortraitAnswers = () =>
  applyDecorators(
    IsOptional(),
    Several(),
    IsArray(),
    ArrayMaxSize(200),
    Matches(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}=.{0,200}$/u, {
      each: true,
      message: 'portrait is a field and an answer, such as industry=retail',
    }),
  );

const wholeFrom1 = (most: number) => applyDecorators(IsOptional(), WholeNumber(), IsInt(), Min(1), Max(most));

/** H of conversions, in local calendar days. */
export const HorizonDays = () => wholeFrom1(10_000);

/** Smallest sample: below it a figure is marked, or a conversion is not taken from it. */
export const MinimumSample = () => wholeFrom1(1_000_000);

/** A goal as a number of wins. */
export const Wins = () => wholeFrom1(1_000_000);

/** A goal as an amount, in minor units. */
export const AmountKopecks = () => wholeFrom1(Number.MAX_SAFE_INTEGER);
