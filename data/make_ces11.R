# Writes ces11.csv from the R package carData, the same each time: Rscript data/make_ces11.R > data/ces11.csv
ces <- carData::CES11
respondents <- data.frame(
  province   = ces$province,
  weight     = ces$weight,
  ban        = as.integer(ces$abortion == "Yes"),
  importance = match(ces$importance, c("not", "notvery", "somewhat", "very")) - 1,
  educ       = match(ces$education, c("lessHS", "HS", "somePS", "college", "bachelors", "higher")),
  male       = as.integer(ces$gender == "Male"),
  urban      = as.integer(ces$urban == "urban")
)
write.csv(respondents, stdout(), row.names = FALSE, quote = FALSE)
