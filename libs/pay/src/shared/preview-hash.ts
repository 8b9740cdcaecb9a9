import { IsOptional, Matches } from 'class-validator';

/**
 * Hash of the preview that was looked at: a proposal that touches closed periods must carry it, and its approval where
 * the proposal did not (the period was closed only after). The API compares it with that of now; the approver is shown
 * both.
 */
export function IsPreviewHash(): PropertyDecorator {
  return (target, property) => {
    Matches(/^[0-9a-f]{64}$/, { message: 'must be the hash that the preview answered' })(target, property);
    IsOptional()(target, property);
  };
}
