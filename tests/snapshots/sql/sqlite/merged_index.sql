INSERT INTO memo_words (memo_words)
VALUES ('optimize')
