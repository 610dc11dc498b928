-- Two indexes nobody asks, of words in no order: each page wrote to a dozen places of the file for
-- them, the dearer the more pages were stored. What reads these tables reads them whole.

DROP INDEX page_keywords_folded;
DROP INDEX page_links_site;
