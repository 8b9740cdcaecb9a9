import { IsBoolean, IsIn, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { IsCode, IsListOf, IsText, toPlain } from '@voronka/kernel';
import { FIELD_TYPES, type FieldType, type FormField } from './form.document.js';

export class OptionBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;
}

export class FormFieldBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;

  @IsIn(FIELD_TYPES)
  type: FieldType;

  @IsBoolean()
  required: boolean;

  /** Encrypted, and erased with the customer. */
  @IsOptional()
  @IsBoolean()
  personal?: boolean | null;

  /** Closed list of choice and choices; one of them is `unknown`. */
  @IsOptional()
  @IsListOf(() => OptionBody, { max: 200 })
  options?: OptionBody[] | null;

  /** Smallest number or amount (kopecks). */
  @IsOptional()
  @IsNumber()
  @Min(Number.MIN_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  minimum?: number | null;

  /** Largest number or amount (kopecks); most characters of a text. */
  @IsOptional()
  @IsNumber()
  @Min(Number.MIN_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  maximum?: number | null;
}

/** A null in the request says as much as leaving the member out; the document only leaves out. */
export function fieldFrom({ code, name, type, required, ...rest }: FormFieldBody): FormField {
  return toPlain({
    ...{ code, name, type, required },
    personal: rest.personal ?? undefined,
    options: rest.options ?? undefined,
    minimum: rest.minimum ?? undefined,
    maximum: rest.maximum ?? undefined,
  });
}
