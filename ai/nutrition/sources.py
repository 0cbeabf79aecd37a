"""The publications that the numbers come from, by one name each. Editions, not page numbers: tables move between printings."""

NRC = "NRC 2006, Nutrient Requirements of Dogs and Cats"
FEDIAF = "FEDIAF Nutritional Guidelines for Complete and Complementary Pet Food for Cats and Dogs, 2024"
WSAVA = "WSAVA Global Nutrition Guidelines, 2011"
AAHA_NUTRITION = "AAHA Nutrition and Weight Management Guidelines for Dogs and Cats, 2021"
AAHA_WEIGHT = "AAHA Weight Management Guidelines for Dogs and Cats, 2014"
AAFCO = "AAFCO Official Publication, modified Atwater factors"
GROWTH_CURVES = "Salt et al. 2017, Growth standard charts for monitoring bodyweight in dogs of different sizes, PLoS ONE 12(9)"
