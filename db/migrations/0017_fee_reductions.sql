-- What a fee is by the standard, and what a table takes off it: amount_fen is what is left to pay. Fees
-- that were there were charged by the standard alone.

ALTER TABLE fee ADD COLUMN standard_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fee ADD COLUMN reduction_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fee ADD COLUMN reduction_ground TEXT; -- 残疾人; none: not reduced
ALTER TABLE fee ADD COLUMN reduction_basis TEXT;  -- annotation of the rule that reduced it
UPDATE fee SET standard_fen = amount_fen;
