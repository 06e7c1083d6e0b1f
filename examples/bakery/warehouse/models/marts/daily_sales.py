def model(dbt, session):
    dbt.config(tags=["python"])
    sales = dbt.ref("fct_sales")
    shops = dbt.source("tills", "shops")
    busy = sales.aggregate("ordered_on, shop_id, sum(amount) as amount")
    return busy.join(shops.project("id as shop_id, town"), "shop_id")
