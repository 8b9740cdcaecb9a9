import { BusinessCommand, IsText, LONG_TEXT } from '@voronka/kernel';
import { IsOptional } from 'class-validator';

/** Everything that is entered about a deal. */
export class DealEntry extends BusinessCommand {
  /** Why it is entered so late; needed, with authority, beyond the company's limit of working days or in a closed month. */
  @IsOptional()
  @IsText(LONG_TEXT)
  lateEntryReason?: string | null;
}
